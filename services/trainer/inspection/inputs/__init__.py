"""What a script asks for: arguments, answers, variables."""
