"""Messages of an SNS topic."""
