# One verb, one command. `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help setup run test e2e lint format docs bench search images up down engine clean

PYTHON ?= python3
BIN := .venv/bin
# What `make e2e` runs; `.ci/run`, which has run the rest by `make test`, leaves `stack`.
KINDS ?= engine or stack

help: ## List the verbs
	@grep -hE '^[a-z0-9]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /|/' | column -t -s '|'

setup: .venv/ready ## Make .venv with the `trainyard` command

.venv/ready: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Trainyard needs Python 3.11 or newer; found $$($(PYTHON) --version). Set PYTHON=/path/to/python3.11." >&2; exit 1; }
	@echo "Installing into .venv (about 700 MB with TensorFlow, once)"
	@$(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --upgrade 'pip>=25.1'
	@$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[local]' --group dev
	@$(BIN)/pip install --quiet --constraint constraints.txt --no-deps tf-keras  # it asks for TensorFlow's GPU build
	@touch $@

run: setup ## Train the wines example to its threshold, all in one process
	@$(BIN)/trainyard run examples/wines

engine: setup ## Make sure that a Docker engine and the images of the stack are there
	@deploy/prepare

.venv-torch/ready: tests/pythons/others.txt images/training/sklearn.txt images/training/torch.txt
	@echo "Installing PyTorch and boosting libraries for the tests into .venv-torch (about 1.7 GB, once)"
	@$(PYTHON) -m venv .venv-torch
	@.venv-torch/bin/pip install --quiet --constraint images/training/sklearn.txt --constraint images/training/torch.txt \
		--requirement tests/pythons/others.txt && touch $@ || \
		{ echo "Scripts with PyTorch, XGBoost, LightGBM or CatBoost cannot be tested: see above what pip lacks." \
		"Or set TRAINYARD_TEST_PYTHON=/path/to/python that has them." >&2; test -z "$$CI"; }

# The Python with the libraries that .venv does not have, unless another one is named.
others := $(if $(TRAINYARD_TEST_PYTHON),,.venv-torch/ready)

# Three at a time on two cores: engine and broker tests wait more than they compute.
test: setup $(others) engine ## Run every test but those of the whole stack and of the training images
	@$(BIN)/pytest -m 'not stack' --numprocesses 3 --durations 30

e2e: setup $(others) engine ## Run every test that needs a Docker engine, those of the whole stack included
	@$(BIN)/pytest -m '$(KINDS)' --numprocesses 2 --durations 30

lint: setup ## Check format, rules, types and imports
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: setup ## Put the code into our format
	@$(BIN)/ruff check --fix --exit-zero .
	@$(BIN)/ruff format .

docs: setup ## Write what is generated from the code: message contract, broker's definitions, tables of scripts and findings
	@$(BIN)/python -m trainyard.bus.contract
	@$(BIN)/python -m tests.scripts.table
	@$(BIN)/python -m tests.findings

bench: setup engine ## Train the wines example on twenty seeds, and time trials against bare runs
	@$(BIN)/python -m benchmarks.wines
	@$(BIN)/python -m benchmarks.trial_overhead --rounds 5 --warm --recovery 120

search: setup ## Compare the tweaker with other searches: hours; it goes on where it was
	@$(BIN)/python -m benchmarks.search run
	@$(BIN)/python -m benchmarks.search report

images: setup ## Build the training images now instead of on first need
	@$(BIN)/trainyard images

up: ## Start the whole stack
	@deploy/up

down: ## Stop the stack; its data stays
	@docker compose down

clean: ## Remove what was made here, but not the stack's data
	@rm -rf .venv .venv-torch .trainyard .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
