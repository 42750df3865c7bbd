"""What is changed in the libraries that the script imports, one file a library."""
