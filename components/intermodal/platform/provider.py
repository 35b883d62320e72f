"""The one kubernetes provider of a platform."""

from pulumi import Input, Output, ProviderResource, Resource, ResourceOptions
from pulumi_kubernetes import Provider


def create_provider(
    name: str, kubeconfig: Input[str], context: Input[str], parent: Resource | None
) -> ProviderResource:
    """A provider whose identity is its name: whatever changes in the kubeconfig, nothing in the cluster is replaced.

    A Secret is changed in place: replaced, it would be gone for a pod that starts in between, because its name stays.
    What cannot be reached is not forgotten: a refresh while the API server is away would drop objects that are still
    there. With a cluster that is gone for good, PULUMI_K8S_DELETE_UNREACHABLE=true does it.
    """
    return Provider(
        name,
        kubeconfig=kubeconfig,
        context=Output.from_input(context).apply(lambda known: known or None),
        cluster_identifier=name,
        enable_secret_mutable=True,
        opts=ResourceOptions(parent=parent),
    )
