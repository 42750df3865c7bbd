"""What benchmarks of the search share: problems, lanes of trainings, and courses with their records."""
