"""The `bucket` source: object events from an S3 bucket."""
