"""The `lambda` target: an AWS Lambda image function and its event source mapping."""
