"""How well faults in programs are named and mended: `python -m benchmarks.faults`."""
