"""List the ECS emulator's rules and numbers, each with its page in the documentation."""

from typing import NamedTuple

GUIDE = "ECS developer guide, "
API = "ECS API reference, "
AGENT = "amazon-ecs-agent, "
SCALING = "Application Auto Scaling user guide, "
CLOUDWATCH = "CloudWatch user guide, "


class Rule(NamedTuple):
    """A behaviour of the code at `place` that is the same as on AWS."""

    place: str
    """Module and name."""
    behaviour: str
    source: str


RULES = (
    Rule(
        "agent:Protector",
        "GET and PUT for the protection; 200 with a failure where ECS refuses",
        AGENT + "ecs-agent/tmds/handlers/taskprotection/v1/handlers/handlers.go",
    ),
    Rule(
        "agent:_decode",
        "unknown fields and wrong types are 400, a field's name in any case",
        AGENT + "same file, and Go's encoding/json",
    ),
    Rule("agent:_error", "an error has Arn, Code and Message", GUIDE + "task-scale-in-protection-endpoint"),
    Rule("containers:prepare", "with awsvpc, a task has its own network", GUIDE + "fargate-task-networking"),
    Rule("containers:stop", "SIGTERM, then SIGKILL after stopTimeout", API + "ContainerDefinition, stopTimeout"),
    Rule(
        "containers:end_of",
        "a container killed for memory has 137 and OutOfMemoryError",
        GUIDE + "stopped-task-error-codes",
    ),
    Rule(
        "containers:_require_image",
        "a missing image causes CannotPullContainerError",
        GUIDE + "task_cannot_pull_image",
    ),
    Rule("containers:_make_volumes", "a volume without a host path lives as long as its task", GUIDE + "bind-mounts"),
    Rule(
        "containers:_environment",
        "container variables point to metadata, agent and credentials",
        GUIDE + "task-metadata-endpoint-v4, task-iam-roles",
    ),
    Rule(
        "containers:_as_execution_role",
        "the execution role fetches secrets and writes logs",
        GUIDE + "task_execution_IAM_role",
    ),
    Rule("credentials:Role", "a task role's keys expire and are renewed", GUIDE + "task-iam-roles"),
    Rule("deployments:count_ends", "failing tasks are restarted with growing delays", GUIDE + "service-throttle-logic"),
    Rule(
        "deployments:settle",
        "a deployment completes in the steady state; a service drains to INACTIVE",
        GUIDE + "service_definition_parameters, deleting services; " + API + "DeleteService",
    ),
    Rule(
        "deployments:_break",
        "the circuit breaker fails a deployment and rolls it back",
        GUIDE + "deployment-circuit-breaker",
    ),
    Rule("deployments:launch", "a service's tasks belong to its newest deployment", GUIDE + "deployment-type-ecs"),
    Rule("endpoints:Endpoints", "a task calls 169.254.170.2 with its own token", GUIDE + "task-metadata-endpoint-v4"),
    Rule("endpoints:Identity", "credentials are fetched from a relative path", GUIDE + "task-iam-roles"),
    Rule(
        "metadata:Metadata",
        "task, containers and their statistics, with exit codes and no reason",
        GUIDE + "task-metadata-endpoint-v4-response",
    ),
    Rule("metric_math:evaluate", "arithmetic, IF, FILL and the aggregates in alarms", CLOUDWATCH + "using-metric-math"),
    Rule("namespace:Namespace", "a task's containers share one loopback interface", GUIDE + "fargate-task-networking"),
    Rule(
        "options:of",
        "user, entry point, read-only root and the other parts of a container definition",
        GUIDE + "task_definition_parameters",
    ),
    Rule("options:_health_check", "health check defaults", API + "HealthCheck"),
    Rule("options:_tmpfs", "a tmpfs has a size and options", API + "Tmpfs"),
    Rule("options:_mounts", "an empty volume is root's, 0755, unless the image declares it", GUIDE + "bind-mounts"),
    Rule(
        "options:_limits",
        "container or task memory, CPU by weight",
        GUIDE + "task_definition_parameters, memory and cpu",
    ),
    Rule("protection:_find_problem", "request limits", API + "UpdateTaskProtection"),
    Rule("protection:_tasks_of", "GetTaskProtection without tasks covers the cluster", API + "GetTaskProtection"),
    Rule(
        "protection:_each",
        "TASK_NOT_VALID for a task without a service or one that is stopping, MISSING for an unknown task",
        API + "API failure reasons",
    ),
    Rule(
        "protection:_is_blocked",
        "DEPLOYMENT_BLOCKED: more protected tasks than the desired count",
        GUIDE + "task-scale-in-protection",
    ),
    Rule("protection:is_protected", "protection expires, after two hours by default", API + "UpdateTaskProtection"),
    Rule(
        "records:begin_stop",
        "the first reason of a stop is kept; DEACTIVATING, STOPPING, STOPPED",
        GUIDE + "task-lifecycle-explanation",
    ),
    Rule("records:show", "a task is as healthy as its essential containers", GUIDE + "healthcheck"),
    Rule(
        "rollout:DesiredService",
        "minimum healthy percent rounds up, maximum percent down",
        API + "DeploymentConfiguration",
    ),
    Rule("rollout:plan_step", "a rolling update within both bounds", GUIDE + "deployment-type-ecs"),
    Rule("rollout:_choose_surplus", "scale-in spares protected tasks", GUIDE + "task-scale-in-protection"),
    Rule(
        "rollout:_choose_replaced",
        "a deployment spares protected tasks and never leaves too few",
        GUIDE + "task-scale-in-protection, deployment-type-ecs",
    ),
    Rule(
        "run:_stop_after_essential_exit",
        "a task stops when an essential container exits",
        API + "ContainerDefinition, essential",
    ),
    Rule(
        "run:_fail_start",
        "a container whose dependency failed has 143",
        AGENT + "agent/engine/task_manager.go, handleTerminalDependencyError",
    ),
    Rule("scaling:Scaling", "an alarm in ALARM repeats its scaling action", CLOUDWATCH + "alarms-and-actions"),
    Rule(
        "queue_metrics:oldest_seconds",
        "the age of the oldest message, in flight or not",
        "SQS developer guide, sqs-available-cloudwatch-metrics",
    ),
    Rule("scaling:_state", "datapoints to alarm, and data that is missing", CLOUDWATCH + "alarms-and-missing-data"),
    Rule(
        "scaling:value_of",
        "an alarm compares the query that returns data",
        CLOUDWATCH + "Create-alarm-on-metric-math-expression",
    ),
    Rule(
        "scaling:deploying",
        "no scale-in during a deployment",
        GUIDE + "troubleshoot-service-auto-scaling",
    ),
    Rule(
        "scaling_api:handle_request", "scalable targets, policies and alarms", "Application Auto Scaling API reference"
    ),
    Rule(
        "scheduler:Scheduler", "a service keeps its desired count and replaces unhealthy tasks", GUIDE + "ecs_services"
    ),
    Rule(
        "secrets:fetch_secrets",
        "a container does not start until its secrets are fetched",
        GUIDE + "specifying-sensitive-data",
    ),
    Rule(
        "secrets:_value",
        "an ARN with key, stage and version, or a parameter's name",
        GUIDE + "secrets-envvar-secrets-manager, secrets-envvar-ssm-paramstore",
    ),
    Rule("secrets:log_stream", "prefix/container/task, and a log group that must exist", GUIDE + "using_awslogs"),
    Rule("spec:Condition", "START, COMPLETE, SUCCESS, HEALTHY", API + "ContainerDependency"),
    Rule(
        "spec:list_startable",
        "a container starts after those that it depends on",
        GUIDE + "example_task_definitions-containerdependency",
    ),
    Rule(
        "spec:explain_blocked",
        "a dependency that can no longer be met, and startTimeout",
        AGENT + "agent/engine/dependencygraph/graph.go",
    ),
    Rule(
        "spec:list_stoppable",
        "a container stops after those that depend on it",
        AGENT + "agent/engine/dependencygraph/graph.go, verifyShutdownOrder",
    ),
    Rule("steps:apply_step", "step bounds, and the adjustment types", SCALING + "step-scaling-policy-overview"),
    Rule(
        "steps:clamp_capacity",
        "scaling keeps within the target's capacity",
        GUIDE + "service-auto-scaling, considerations",
    ),
)

NO_RULES = {
    "__init__": "an empty module",
    "pause": "the image for the container that holds a network namespace",
    "tasks": "this emulator's threads",
}
"""Modules that implement nothing that AWS defines."""

CONSTANTS = {
    "credentials:LIFE_SECONDS": "ours: keys from the emulator's STS",
    "credentials:RENEW_SECONDS": "ours: well before they expire",
    "deployments:MOST_BACK_OFF_SECONDS": "ours, pressed: " + GUIDE + "service-throttle-logic allows many minutes",
    "namespace:SIOCSIFADDR": "Linux, ioctl",
    "namespace:SIOCSIFNETMASK": "Linux, ioctl",
    "pause:BASE": "ELF: where such a program begins",
    "pause:HEADERS": "ELF: header sizes",
    "options:CPU_UNITS": GUIDE + "task_definition_parameters, cpu",
    "options:NANOSECONDS": "Docker Engine API",
    "protection:DEFAULT_MINUTES": API + "UpdateTaskProtection",
    "protection:MOST_MINUTES": API + "UpdateTaskProtection",
    "protection:MOST_TASKS": API + "UpdateTaskProtection",
    "protection:NOTICE_SECONDS": "ours: AWS gives no figure, so a shorter gap must not suffice",
    "run:TICK_SECONDS": "ours: this emulator's polling interval",
    "run:NEVER_STARTED": AGENT + "agent/engine/task_manager.go",
    "containers:KILLED": "Docker: SIGKILL",
    "scaling:LOOK_SECONDS": "ours: this emulator's polling interval",
    "queue_metrics:PERIOD_SECONDS": "ours, shortened: a CloudWatch period is a minute",
    "queue_metrics:POLL_SECONDS": "the adapter's: WaitTimeSeconds in its receives",
    "scheduler:TICK_SECONDS": "ours: this emulator's polling interval",
    "scheduler:STEADY_SECONDS": "ours: AWS gives no figure",
    "scheduler:KEPT_SECONDS": GUIDE + "stopped-task-errors: about an hour",
    "secrets:SECRET_PARTS": AGENT + "agent/taskresource/asmsecret/asmsecret.go",
    "spec:STOP_SECONDS": GUIDE + "task_definition_parameters, stopTimeout on Fargate",
    "spec:MOST_STOP_SECONDS": GUIDE + "task_definition_parameters, stopTimeout on Fargate",
    "tasks:END_SECONDS": "ours: how long the emulator waits for its threads to exit",
}
