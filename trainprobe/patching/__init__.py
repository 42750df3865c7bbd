"""How modules and functions are replaced as they are imported."""
