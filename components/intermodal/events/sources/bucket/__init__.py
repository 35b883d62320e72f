"""The `bucket` source: objects created in an S3 bucket."""
