"""What was changed in the author's code: diffs, commits and the trials they come from."""
