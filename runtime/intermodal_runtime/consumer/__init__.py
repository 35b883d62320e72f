"""SQS consumer with the semantics of Lambda's event source mapping; it passes batches to a `RuntimeApi`."""
