"""Where a measurement can be found once the script has ended."""
