"""The `lambda` target: a container image function on AWS Lambda and its event source mapping."""
