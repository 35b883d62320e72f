"""List a run's environment variables that differ between targets."""

CONTAINER_VARIABLES = {"HOME", "HOSTNAME", "AWS_ENDPOINT_URL", "AWS_LAMBDA_RUNTIME_API", "_X_AMZN_TRACE_ID"}
LOG_VARIABLES = {"AWS_LAMBDA_LOG_STREAM_NAME", "AWS_LAMBDA_LOG_GROUP_NAME"}
"""Variables whose value is different on every target."""

KEYS = {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"}
AGENT = {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "ECS_AGENT_URI", "ECS_CONTAINER_METADATA_URI_V4"}
TOKEN = {"AWS_ROLE_ARN", "AWS_STS_REGIONAL_ENDPOINTS", "AWS_WEB_IDENTITY_TOKEN_FILE"}
TARGET_VARIABLES = {"lambda": KEYS, "ecs": AGENT | {"AWS_EXECUTION_ENV"}, "kubernetes": TOKEN}
"""Variables on one target only: how credentials arrive, and the execution environment of ECS. The kubelet always adds
the API server's `KUBERNETES_...` (Kubernetes documentation, "Service", Environment variables).
"""
