"""What is known about data, model and training once a script has ended."""
