"""Consumes an SQS queue with the semantics of Lambda's event source mapping and hands batches to a `RuntimeApi`."""
