"""SQS consumer that behaves like Lambda's event source mapping and passes batches to a `RuntimeApi`."""
