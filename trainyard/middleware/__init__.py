"""What happens around every handler: one small file a concern, each a function that wraps the next step."""
