"""How many trials it takes to pass, against random search and others: `python -m benchmarks.search`."""
