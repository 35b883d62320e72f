"""Source `bucket`: objects created in an S3 bucket."""
