"""What a training keeps, resumes from and stops by."""
