"""What the fetcher touches of the outside world."""
