"""Compare the adapter with the npm package sqs-consumer and with ministack's event source mapping."""
