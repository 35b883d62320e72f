"""Consumers compared: ours, sqs-consumer of npm, and ministack's event source mapping."""
