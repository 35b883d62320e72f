"""The `topic` source: messages from an SNS topic."""
