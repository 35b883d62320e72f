"""Messages through a consumer: ours, sqs-consumer of npm, and ministack's own event source mapping."""
