"""The `topic` source: an SNS topic."""
