"""What is observed of the libraries that the script imports."""
