"""SQS consumer with the semantics of Lambda's event source mapping, which hands batches to a `RuntimeApi`."""
