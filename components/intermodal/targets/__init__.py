"""The targets; adding one is one module, one word of `Target` and one line here."""

from collections.abc import Mapping

from intermodal.function.args import Target
from intermodal.targets import aws_lambda, contract, ecs_task, k8s_job

__all__ = ["TARGETS"]

TARGETS: Mapping[Target, contract.Target] = {
    Target.LAMBDA: aws_lambda.TARGET,
    Target.ECS: ecs_task.TARGET,
    Target.KUBERNETES: k8s_job.TARGET,
}
