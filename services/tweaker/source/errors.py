"""What an edit raises when it leaves the source alone."""


class NotUnderstoodError(Exception):
    """The edit does not apply here; the message is a clause that says why ("no Keras model is built here")."""
