"""What `trainyard doctor` looks at: a function for each thing that may be missing."""
