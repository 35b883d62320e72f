"""The network of a lane's pods: nobody connects to them, and in a VPC they have the function's security groups."""

from pulumi import Output, Resource, ResourceOptions

from intermodal.errors import DefinitionError, Problem
from intermodal.function.resolve import MOST_SECURITY_GROUPS
from intermodal.network.attachment import Attachment
from intermodal.network.reach import HANGING, called_services, warn_of_unreached
from intermodal.targets.contract import LaneContext
from intermodal.targets.k8s_pod import labels
from intermodal.targets.off_lambda import handle_of


def create_network(context: LaneContext, name: str, namespace: Output[str], opts: ResourceOptions) -> list[Resource]:
    """What has to be there before a pod is: EKS gives security groups only to pods that come later.

    Raises:
        DefinitionError: (once the platform is known) the function is in a VPC, and pods of this cluster cannot be.
    """
    from pulumi_kubernetes import networking  # noqa: PLC0415 - only who runs on Kubernetes pays for the import

    closed = networking.v1.NetworkPolicy(
        f"{context.name}-network",
        metadata={"namespace": namespace, "labels": labels(context)},
        spec={"pod_selector": {"match_labels": labels(context)}, "policy_types": ["Ingress"]},
        opts=opts,
    )
    if context.network is None:
        _warn_on_the_platforms_own_nodes(context, opts)
        return [closed]
    return [closed, _create_security_groups(context, context.network, name, namespace, opts)]


def _warn_on_the_platforms_own_nodes(context: LaneContext, opts: ResourceOptions) -> None:
    """Pods of a created cluster are in the platform's network, also those of a function without `vpc`."""
    function, called = context.function, called_services(context.function)
    services = handle_of(function)["kubernetes_in_network"].apply(lambda inside: called if inside else set())
    warn_of_unreached(function, services, HANGING, opts.parent)


def _create_security_groups(
    context: LaneContext, network: Attachment, name: str, namespace: Output[str], opts: ResourceOptions
) -> Resource:
    """Of the VPC resource controller; on Auto Mode as well, from 1.36 on (EKS user guide, auto-sgp)."""
    from pulumi_kubernetes import apiextensions  # noqa: PLC0415 - see above

    subject, handle = context.function.subject, handle_of(context.function)
    platforms = Output.all(handle["kubernetes_security_groups"], handle["kubernetes_pod_security_group_id"])
    groups = Output.all(platforms, *network.security_group_ids).apply(
        lambda known: with_security_groups(subject, known[1:], supported=known[0][0], of_pods=known[0][1])
    )
    return apiextensions.CustomResource(
        f"{context.name}-security-groups",
        api_version="vpcresources.k8s.aws/v1beta1",
        kind="SecurityGroupPolicy",
        metadata={"name": name, "namespace": namespace, "labels": labels(context)},
        spec={"podSelector": {"matchLabels": labels(context)}, "securityGroups": {"groupIds": groups}},
        opts=opts,
    )


def with_security_groups(subject: str, group_ids: list[str], *, supported: bool, of_pods: str) -> list[str]:
    """The function's security groups and that of the platform's pods, if there is one.

    Raises:
        DefinitionError: the cluster gives none to pods, or they are more than a pod can have.
    """
    if not supported:
        text = (
            "must be false for target kubernetes on a cluster whose pods have no security groups of their own, got "
            "true; leave it out, or give the platform kubernetes.existing.security_groups: true where the cluster has "
            "SecurityGroupPolicy (vpcresources.k8s.aws/v1beta1)"
        )
        raise DefinitionError(subject, [Problem(path="vpc", text=text)])
    if of_pods and len(group_ids) >= MOST_SECURITY_GROUPS:
        text = (
            f"must be at most {MOST_SECURITY_GROUPS - 2} beside the function's own for target kubernetes on this "
            f"cluster, whose pods have one of the platform as well, got {len(group_ids) - 1}; put rules of two into one"
        )
        raise DefinitionError(subject, [Problem(path="security_group_ids", text=text)])
    return [*group_ids, of_pods] if of_pods else group_ids
