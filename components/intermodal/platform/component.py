"""Platform: what functions share."""

from typing import TYPE_CHECKING, Any

import pulumi
import pulumi_aws as aws
from pulumi import ComponentResource, Input, InvokeOptions, Output, ProviderResource, ResourceOptions
from pulumi.output import Unknown
from pulumi_aws import cloudwatch

from intermodal.platform.adapter_spec import AdapterBuild
from intermodal.platform.args import BusArgs, PlatformArgs
from intermodal.platform.ecs import NO_CLUSTER, create_cluster
from intermodal.platform.handle import VERSION, AttachedPlatform, attached
from intermodal.platform.kubernetes import NO_KUBERNETES, create_kubernetes
from intermodal.platform.spec import PlatformSpec, resolve_platform
from intermodal.platform.ways_out import missing_ways_out, reachable_services

if TYPE_CHECKING:
    from intermodal.network.component import Network


class Platform(ComponentResource):
    """What functions share, usable from the same program by `handle` and from another one by `Platform.attach`.

    Creates:
        - `{name}-network` (intermodal:index:Network), where `network` is given
        - `{name}-bus` (aws.cloudwatch.EventBus), where `bus` is given and names none that exists
        - `{name}-adapter` (docker-build:index:Image), where `adapter` has a `repository`
        - `{name}-cluster` (aws.ecs.Cluster) and, on Fargate, `{name}-capacity` (aws.ecs.ClusterCapacityProviders),
          where `ecs` is given and names none that exists
        - with `kubernetes`: `{name}-kubernetes` (pulumi:providers:kubernetes), `{name}-namespace` (Namespace),
          `{name}-keda` (TriggerAuthentication); with `create` `{name}-eks` (eks:index:Cluster) and
          `{name}-network-policies` (ConfigMap), which has them enforced, `{name}-arm64` (NodePool), and the security
          group `{name}-pods` with `-dns-tcp` and `-dns-udp` (aws.vpc.SecurityGroupIngressRule) of the nodes'; for each
          add-on a Release, and for KEDA `{name}-keda-role` (aws.iam.Role) with `{name}-keda-reads`
          (aws.iam.RolePolicy); with `maximum_pods` `{name}-flavor` (ResourceFlavor), `{name}-cluster-queue` and
          `{name}-queue`

    Example:
        platform = Platform("shared", {"network": {"zones": ["eu-central-1a", "eu-central-1b"]}})
        pulumi.export("platform", platform.handle)

    Raises:
        DefinitionError: the definition is not possible; the text holds every problem.
    """

    handle: Output[dict[str, Any]]
    """A PlatformHandle; a plain map, because only that reaches a function as an Output through Pulumi's schema."""

    def __init__(self, name: str, args: PlatformArgs, opts: ResourceOptions | None = None) -> None:
        """Create the platform called `name`."""
        spec = resolve_platform(name, args)
        super().__init__("intermodal:index:Platform", name, None, opts)
        network, reachable = self._create_network(spec), reachable_services(spec)
        for warning in missing_ways_out(spec, reachable):
            pulumi.warn(f'Platform "{name}": {warning}.', self)
        bus_name, bus_arn = self._create_bus(name, spec)
        here = InvokeOptions(parent=self)
        nothing = Output.from_input("")
        ecs = create_cluster(name, spec.ecs, spec.tags, self) if spec.ecs is not None else NO_CLUSTER
        self._kubernetes = (
            create_kubernetes(name, spec.kubernetes, network, spec.tags, self) if spec.kubernetes else NO_KUBERNETES
        )
        self.handle = Output.all(
            version=VERSION,
            region=aws.get_region_output(opts=here).region,
            account_id=aws.get_caller_identity_output(opts=here).account_id,
            vpc_id=network.vpc_id if network else nothing,
            private_subnet_ids=network.private_subnet_ids if network else [],
            dualstack=network.dualstack if network else False,
            reachable_services=reachable,
            bus_name=bus_name,
            bus_arn=bus_arn,
            adapter_image=self._create_adapter(name, spec),
            ecs_cluster_arn=ecs.arn,
            ecs_capacity_provider=ecs.capacity_provider,
            **self._kubernetes.handle,
        ).apply(_without_gaps, run_with_unknowns=True)
        self.register_outputs({"handle": self.handle})

    @property
    def providers(self) -> list[ProviderResource]:
        """Providers that functions on this platform need beside `aws`: that of its Kubernetes cluster."""
        return [self._kubernetes.provider] if self._kubernetes.provider else []

    @staticmethod
    def attach(name: str, reference: object, output: str = "platform", *, kubernetes: bool = False) -> AttachedPlatform:
        """The platform that another stack exports as `output`; see `handle.attached`."""
        return attached(name, reference, output, kubernetes=kubernetes)

    def _create_network(self, spec: PlatformSpec) -> "Network | None":
        if spec.network is None:
            return None
        from intermodal.network.component import Network  # noqa: PLC0415 - EC2's SDK takes a second

        return Network(spec.network_name, spec.network, ResourceOptions(parent=self))

    def _create_adapter(self, name: str, spec: PlatformSpec) -> Input[str]:
        if not isinstance(spec.adapter, AdapterBuild):
            return spec.adapter
        from intermodal.platform.adapter import create_adapter  # noqa: PLC0415 - only who pushes one pays for it

        return create_adapter(name, spec.adapter, self)

    def _create_bus(self, name: str, spec: PlatformSpec) -> tuple[Output[str], Output[str]]:
        if spec.bus is None:
            return Output.from_input(""), Output.from_input("")
        if "existing" in spec.bus:
            return self._adopted_bus(spec.bus)
        bus = cloudwatch.EventBus(f"{name}-bus", tags=spec.tags, opts=ResourceOptions(parent=self))
        return bus.name, bus.arn

    def _adopted_bus(self, bus: BusArgs) -> tuple[Output[str], Output[str]]:
        found = cloudwatch.get_event_bus_output(name=bus["existing"], opts=InvokeOptions(parent=self))
        return found.name, found.arn


def _without_gaps(handle: dict[str, Any]) -> dict[str, Any]:
    """Return the handle that functions read; under mocks, ids and ARNs may be missing.

    With what is unknown in it: while a zone is added, a preview knows all but the subnets.
    """
    if isinstance(handle, Unknown):
        return handle
    return {key: "" if value is None else value for key, value in handle.items()}
