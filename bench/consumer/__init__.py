"""Compare consumers: ours, the npm package sqs-consumer, and ministack's event source mapping."""
