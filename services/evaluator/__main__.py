"""Run the evaluator: `python -m services.evaluator`."""

from services.evaluator.bootstrap import build
from services.evaluator.settings import EvaluatorSettings
from trainyard.main import start

if __name__ == "__main__":
    start("evaluator", EvaluatorSettings, build)
