"""What `trainyard doctor` checks: a function for each thing that may be missing."""
