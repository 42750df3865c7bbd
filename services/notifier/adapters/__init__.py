"""What the notifier uses of the outside world: SMTP, a database, templates, a plotting library and Prometheus."""
