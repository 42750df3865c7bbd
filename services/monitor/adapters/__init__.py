"""The monitor's ways to the outside world."""
