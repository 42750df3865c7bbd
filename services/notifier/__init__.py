"""The notifier: mails how a job ended. Consumes job.finished, publishes nothing, sends one mail to each recipient."""
