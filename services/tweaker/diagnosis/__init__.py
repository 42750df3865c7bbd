"""What is wrong with a training, read from its facts and curves."""
