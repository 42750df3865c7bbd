"""The services that run elsewhere, as the command reaches them."""
