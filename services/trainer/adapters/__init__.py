"""What the trainer touches of the outside world."""
