"""Deploy a lane to Kubernetes as Jobs that KEDA starts for messages in the inbox."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pulumi import Input, Output, Resource, ResourceOptions
from pulumi_kubernetes import core
from pulumi_kubernetes.apiextensions import CustomResource

from intermodal.limits import Target
from intermodal.platform.facts import KubernetesFacts, require_kubernetes
from intermodal.targets.adapter import adapter_command, app_environment
from intermodal.targets.checks import MAXIMUM_CONCURRENCY
from intermodal.targets.context import LaneContext
from intermodal.targets.contract import Consumer
from intermodal.targets.kubernetes.network import NetworkArgs, create_network
from intermodal.targets.kubernetes.pod import PodArgs, pod_template
from intermodal.targets.kubernetes.scaled_job import ScaledJobArgs, create_scaled_job
from intermodal.targets.secrets import read_secrets


@dataclass(frozen=True, kw_only=True)
class KubernetesResources:
    """Resources of a lane on Kubernetes."""

    scaled_job: CustomResource
    service_account: core.v1.ServiceAccount


def deploy(context: LaneContext, opts: ResourceOptions) -> Consumer:
    """Create the lane's resources, and the ScaledJob once the role is allowed to consume messages.

    Creates:
        - `{lane}-account` (ServiceAccount): has no permissions in the cluster; its token assumes the function's role
        - `{lane}-secrets` (Secret), if the function has secrets: their values, only for the app container
        - `{lane}-network` (NetworkPolicy): denies ingress to the pods
        - `{lane}-security-groups` (EKS SecurityGroupPolicy), in a VPC: assigns the function's security groups
        - `{lane}-jobs` (KEDA ScaledJob)

    Raises:
        DefinitionError: The platform has no Kubernetes cluster. The error is raised in an apply.
    """
    function, platform = context.function, context.required_platform
    cluster: Any = platform.apply(lambda facts: require_kubernetes(function.display_name, facts))
    labels = _labels(context)
    network = NetworkArgs(
        name=context.name,
        object_name=context.names.kubernetes,
        namespace=cluster.namespace,
        labels=labels,
        display_name=function.display_name,
        permissions=function.permissions,
        attachment=context.network,
        reachable_services=platform.reachable_services,
        cluster=cluster,
    )
    policies = create_network(network, opts)
    account = core.v1.ServiceAccount(
        f"{context.name}-account",
        metadata={"name": context.names.service_account, "namespace": cluster.namespace, "labels": labels},
        automount_service_account_token=False,
        opts=opts,
    )
    secrets = _create_secrets(context, cluster.namespace, labels, opts)
    pod = _pod(context, cluster, labels, account.metadata["name"])
    scaled_job = ScaledJobArgs(
        name=context.name,
        object_name=context.names.kubernetes,
        labels=labels,
        cluster=cluster,
        inbox_url=context.inbox.url,
        region=platform.region,
        maximum=context.lane.concurrency(MAXIMUM_CONCURRENCY),
        batch_size=function.batch.size,
        paused=context.lane.paused,
        template=pod_template(pod),
    )
    needed = [*context.ready, *context.inbox.ready, account, *secrets, *policies]
    jobs = create_scaled_job(scaled_job, ResourceOptions.merge(opts, ResourceOptions(depends_on=needed)))
    return Consumer(
        outputs={"namespace": cluster.namespace, "scaled_job": jobs.metadata["name"]},
        resources=KubernetesResources(scaled_job=jobs, service_account=account),
    )


def _labels(context: LaneContext) -> dict[str, Input[str]]:
    return {
        "app.kubernetes.io/name": context.names.kubernetes,
        "app.kubernetes.io/managed-by": "intermodal",
        "intermodal/function": context.function.name,
        "intermodal/lane": context.lane.name,
    }


def _pod(
    context: LaneContext, cluster: Output[KubernetesFacts], labels: Mapping[str, Input[str]], account: Input[str]
) -> PodArgs:
    function, platform = context.function, context.required_platform
    return PodArgs(
        labels=labels,
        service_account=account,
        image=function.image,
        process=function.process,
        options=function.kubernetes,
        ephemeral_storage_mib=function.ephemeral_storage_mib,
        architecture=function.architecture,
        memory_mib=function.memory_mib,
        vcpu=function.vcpu,
        timeout_seconds=function.timeout_seconds,
        variables=app_environment(context, Target.KUBERNETES, platform.region),
        secret=context.names.kubernetes,
        secret_variables=function.secrets,
        adapter_image=platform.adapter_image,
        adapter_command=adapter_command(context, Target.KUBERNETES),
        shared_variables=cluster.environment,
        priority_class=cluster.priority_class,
        role_arn=context.role.arn,
        region=platform.region,
        log_group_name=context.log_group.name,
    )


def _create_secrets(
    context: LaneContext, namespace: Output[str], labels: Mapping[str, Input[str]], opts: ResourceOptions
) -> list[Resource]:
    """Create a Secret that is updated in place, so that a waiting Job uses the current values when it starts."""
    function = context.function
    values = read_secrets(function.display_name, function.secrets, Target.KUBERNETES, opts.parent)
    if not values:
        return []
    secret = core.v1.Secret(
        f"{context.name}-secrets",
        metadata={"name": context.names.kubernetes, "namespace": namespace, "labels": labels},
        data={variable: value.apply(_encode) for variable, value in values.items()},
        opts=opts,
    )
    return [secret]


def _encode(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
