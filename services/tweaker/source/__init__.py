"""The author's source as a store of values that can be read and changed."""
