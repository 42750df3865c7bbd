"""What an edit raises when it leaves the source alone."""


class NotUnderstoodError(Exception):
    """The edit does not apply here; the message is a clause that says why ("no Keras model is built here")."""


class AbsentError(NotUnderstoodError):
    """The script has nothing of the kind that the edit is for, such as a network of that library."""
