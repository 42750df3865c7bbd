"""What was measured, which measurement counts, and why there is none."""
