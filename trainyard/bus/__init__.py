"""The bus: a port, RabbitMQ behind it, and a twin in memory."""
