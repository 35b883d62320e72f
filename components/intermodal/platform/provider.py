"""Create a platform's Kubernetes provider."""

from pulumi import Input, Output, ProviderResource, Resource, ResourceOptions
from pulumi_kubernetes import Provider


def create_provider(
    name: str, kubeconfig: Input[str], context: Input[str], parent: Resource | None
) -> ProviderResource:
    """Create a provider that is identified by its name, so that a changed kubeconfig does not replace resources.

    Secrets are updated in place, because a replacement with the same name would briefly remove the Secret. Unreachable
    objects stay in the state; otherwise, a refresh during an API server outage would drop existing objects. For a
    cluster that no longer exists, set PULUMI_K8S_DELETE_UNREACHABLE=true.
    """
    return Provider(
        name,
        kubeconfig=kubeconfig,
        context=Output.from_input(context).apply(lambda known: known or None),
        cluster_identifier=name,
        enable_secret_mutable=True,
        opts=ResourceOptions(parent=parent),
    )
