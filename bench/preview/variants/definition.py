"""Define the values that all variants use for their functions."""

IMAGE = "000000000000.dkr.ecr.eu-central-1.amazonaws.com/bench@sha256:" + "0" * 64
PATTERN = {"source": ["bench"], "detail-type": ["Ordered"]}
MEMORY_MIB = 512
TIMEOUT_SECONDS = 60
ENVIRONMENT = {"LOG_LEVEL": "info"}
PARAMETERS = "arn:aws:ssm:eu-central-1:000000000000:parameter/bench/*"
