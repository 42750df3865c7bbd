"""Who chooses the next trial: one strategy a file, found by its name in the policy."""
