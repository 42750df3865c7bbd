"""How often the wines example passes: `python -m benchmarks.wines`."""
