"""What a trial costs beside a bare `docker run` of the same script on the same image."""
