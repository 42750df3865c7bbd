"""Which libraries a script needs in an older version."""
