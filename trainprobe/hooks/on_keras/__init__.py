"""What is observed of Keras."""
