"""Deny ingress to a lane's pods, and assign the function's security groups in a VPC."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pulumi import Input, Output, Resource, ResourceOptions
from pulumi_kubernetes import apiextensions, networking

from intermodal.limits import security_groups_per_interface
from intermodal.network.attachment import Attachment
from intermodal.network.reach import HANGING, list_called_services, warn_if_unreachable
from intermodal.problems.errors import DefinitionError, Problem


@dataclass(frozen=True, kw_only=True)
class NetworkArgs:
    """Arguments for a lane's network policies."""

    name: str
    """`{function}-{lane}`."""
    object_name: str
    """Name of the Kubernetes objects."""
    namespace: Output[str]
    labels: Mapping[str, Input[str]]
    display_name: str
    permissions: Iterable[Mapping[str, Any]]
    """The role's permissions, from which the services that the handler calls are derived."""
    attachment: Attachment | None
    """None outside a VPC."""
    reachable_services: Output[list[str]]
    cluster: Any
    """Output with `KubernetesFacts`."""


def create_network(args: NetworkArgs, opts: ResourceOptions) -> list[Resource]:
    """Create the policies that must exist before the pods, because EKS assigns security groups only to new pods.

    Raises:
        DefinitionError: The function is in a VPC, but the cluster does not support security groups for pods. The error
            is raised in an apply.
    """
    closed = networking.v1.NetworkPolicy(
        f"{args.name}-network",
        metadata={"namespace": args.namespace, "labels": args.labels},
        spec={"pod_selector": {"match_labels": args.labels}, "policy_types": ["Ingress"]},
        opts=opts,
    )
    if args.attachment is None:
        _warn_if_unreachable(args, opts.parent)
        return [closed]
    return [closed, _create_security_groups(args, args.attachment, opts)]


def _warn_if_unreachable(args: NetworkArgs, resource: Resource | None) -> None:
    """Warn about unreachable services even without `vpc`, because pods in a new cluster use the platform's network."""
    called = list_called_services(args.permissions)
    services = args.cluster.in_network.apply(lambda inside: called if inside else set())
    warn_if_unreachable(args.display_name, args.reachable_services, services, HANGING, resource)


def _create_security_groups(args: NetworkArgs, attachment: Attachment, opts: ResourceOptions) -> Resource:
    """Create a SecurityGroupPolicy, which Auto Mode supports since Kubernetes 1.36 (EKS user guide, auto-sgp)."""
    platforms = Output.all(args.cluster.security_groups, args.cluster.pod_security_group_id)
    groups = Output.all(platforms, *attachment.security_group_ids).apply(
        lambda known: list_security_groups(
            args.display_name, known[1:], supported=known[0][0], pod_group_id=known[0][1]
        )
    )
    return apiextensions.CustomResource(
        f"{args.name}-security-groups",
        api_version="vpcresources.k8s.aws/v1beta1",
        kind="SecurityGroupPolicy",
        metadata={"name": args.object_name, "namespace": args.namespace, "labels": args.labels},
        spec={"podSelector": {"matchLabels": args.labels}, "securityGroups": {"groupIds": groups}},
        opts=opts,
    )


def list_security_groups(
    display_name: str, group_ids: list[str], *, supported: bool, pod_group_id: str | None
) -> list[str]:
    """Return the function's security groups and the platform's security group for pods, if any.

    Raises:
        DefinitionError: The cluster does not support security groups for pods, or there are too many for a pod.
    """
    if not supported:
        text = (
            "must be false for target kubernetes on a cluster without security groups for pods, got "
            "true; remove it, or set kubernetes.existing.security_groups: true on the platform if the cluster has "
            "SecurityGroupPolicy (vpcresources.k8s.aws/v1beta1)"
        )
        raise DefinitionError(display_name, [Problem(path="vpc", text=text)])
    maximum = security_groups_per_interface()
    if pod_group_id and len(group_ids) >= maximum:
        text = (
            f"must be at most {maximum - 2} in addition to the function's own for target kubernetes on this "
            f"cluster, which adds one of the platform, got {len(group_ids) - 1}; merge the rules of two groups"
        )
        raise DefinitionError(display_name, [Problem(path="security_group_ids", text=text)])
    return [*group_ids, pod_group_id] if pod_group_id else group_ids
