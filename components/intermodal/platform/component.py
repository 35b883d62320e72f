"""The Platform component: infrastructure that functions share."""

from collections.abc import Mapping
from pkgutil import resolve_name
from typing import Any, Unpack, cast

import pulumi
import pulumi_aws as aws
from pulumi import ComponentResource, Input, InvokeOptions, Output, ProviderResource, ResourceOptions
from pulumi_aws import cloudwatch

from intermodal.platform.adapter_spec import AdapterBuild
from intermodal.platform.args import BusArgs, PlatformArgs
from intermodal.platform.egress import egress_warnings, list_reachable_services
from intermodal.platform.handle import VERSION, AttachedPlatform, attach_platform, flatten, missing_bus
from intermodal.platform.images import ImageBuilder
from intermodal.platform.spec import PlatformSpec, resolve_platform
from intermodal.problems.merge import merge_arguments

NO_ARGS = cast("PlatformArgs", {})
"""Default for the dict in calls that pass only keywords."""

CREATORS: Mapping[str, str] = {
    "network": "intermodal.network.component:Network",
    "ecs": "intermodal.platform.ecs:create_cluster",
    "kubernetes": "intermodal.platform.kubernetes:create_kubernetes",
    "adapter": "intermodal.platform.adapter:create_adapter",
    "registry": "intermodal.platform.registry:create_registry",
}
"""Functions that create the parts. Their modules are loaded on first use, because importing an SDK can take seconds."""


class Platform(ComponentResource):
    """Infrastructure that functions share: pass `handle` in the same program, or use `Platform.attach` in another.

    Creates:
        - `{name}-network` (intermodal:index:Network), if `network` is set
        - `{name}-bus` (aws.cloudwatch.EventBus), if `bus` is set without `existing`
        - `{name}-images` (aws.ecr.Repository), if `registry` is set without `existing`
        - `{name}-adapter` (docker-build:index:Image), if there is a cluster and a `registry`, or if `adapter` has a
          `repository`
        - with `registry`, for each build folder: `{name}-{folder}-{architecture}` (docker-build:index:Image)
        - `{name}-cluster` (aws.ecs.Cluster) and, on Fargate, `{name}-capacity` (aws.ecs.ClusterCapacityProviders), if
          `ecs` is set without `existing`
        - with `kubernetes`: `{name}-kubernetes` (pulumi:providers:kubernetes), `{name}-namespace` (Namespace),
          `{name}-keda` (TriggerAuthentication)
        - with `kubernetes.create`: `{name}-eks` (eks:index:Cluster), `{name}-network-policies` (ConfigMap), which
          enables network policy enforcement, `{name}-arm64` (NodePool), the security group `{name}-pods`, and in the
          nodes' group `-dns-tcp` and `-dns-udp` (aws.vpc.SecurityGroupIngressRule)
        - for each add-on: a Release; for KEDA, also `{name}-keda-role` (aws.iam.Role) with `{name}-keda-reads`
          (aws.iam.RolePolicy)
        - with `maximum_pods`: `{name}-flavor` (ResourceFlavor), `{name}-cluster-queue` and `{name}-queue`

    Example:
        platform = Platform("shared", network={"zones": ["eu-central-1a", "eu-central-1b"]}, ecs={})
        pulumi.export("platform", platform.handle)

    Raises:
        DefinitionError: The definition is invalid; the error lists all problems.
    """

    handle: Output[dict[str, Any]]
    """A `PlatformHandle` as a plain dict, because Pulumi's schema allows no other type for an Output that is passed to
    a function."""

    adapter_image: Output[str | None]
    """Adapter image; None without a cluster."""

    def __init__(
        self,
        name: str,
        args: PlatformArgs = NO_ARGS,
        opts: ResourceOptions | None = None,
        **keywords: Unpack[PlatformArgs],
    ) -> None:
        """Create the platform `name` from keywords, a dict, or both."""
        spec = resolve_platform(name, merge_arguments(f'Platform "{name}"', args, keywords))
        super().__init__("intermodal:index:Platform", name, None, opts)
        reachable = list_reachable_services(spec)
        network = self._create_network(spec)
        for warning in egress_warnings(spec, reachable):
            pulumi.warn(f'Platform "{name}": {warning}.', self)
        here = InvokeOptions(parent=self)
        shared = {
            "version": VERSION,
            "region": aws.get_region_output(opts=here).region,
            "account_id": aws.get_caller_identity_output(opts=here).account_id,
            "reachable_services": reachable,
        }
        kubernetes = self._create_kubernetes(name, spec, network)
        bus = self._create_bus(name, spec.bus, spec.tags) if spec.bus is not None else None
        self.images = self._create_registry(name, spec)
        """Image builder for the registry; None without a registry."""
        self._display_name, self._bus_name = f'Platform "{name}"', bus["name"] if bus else None
        parts = {
            "network": _network_facts(network) if network else None,
            "bus": bus,
            "registry": {"url": self.images.repository} if self.images else None,
            "ecs": self._create_ecs(name, spec),
            "kubernetes": kubernetes.facts if kubernetes else None,
        }
        self.adapter_image = Output.from_input(self._create_adapter(name, spec) or None)
        self.handle = flatten({**shared, "adapter_image": self.adapter_image}, parts)
        self.providers: list[ProviderResource] = [kubernetes.provider] if kubernetes else []
        """Providers that functions on this platform need in addition to `aws`: the Kubernetes cluster's provider."""
        self.register_outputs({"handle": self.handle, "adapter_image": self.adapter_image})

    @property
    def bus_name(self) -> Output[str]:
        """Name of the platform's event bus.

        Raises:
            DefinitionError: The platform has no event bus.
        """
        if self._bus_name is None:
            raise missing_bus(self._display_name)
        return self._bus_name

    @staticmethod
    def attach(
        name: str, reference: object, output: str = "platform", *, kubernetes: bool = False, registry: bool = False
    ) -> AttachedPlatform:
        """Return the platform that another stack exports as `output`; see `handle.attach_platform`."""
        return attach_platform(name, reference, output, kubernetes=kubernetes, registry=registry)

    def _create_network(self, spec: PlatformSpec) -> Any:
        if spec.network is None:
            return None
        return resolve_name(CREATORS["network"])(spec.network_name, spec.network, ResourceOptions(parent=self))

    def _create_bus(self, name: str, args: BusArgs, tags: Mapping[str, Input[str]]) -> Mapping[str, Output[str]]:
        if "existing" in args:
            found = cloudwatch.get_event_bus_output(name=args["existing"], opts=InvokeOptions(parent=self))
            return {"name": found.name, "arn": found.arn}
        bus = cloudwatch.EventBus(f"{name}-bus", tags=tags, opts=ResourceOptions(parent=self))
        return {"name": bus.name, "arn": bus.arn}

    def _create_ecs(self, name: str, spec: PlatformSpec) -> Any:
        return None if spec.ecs is None else resolve_name(CREATORS["ecs"])(name, spec.ecs, spec.tags, self)

    def _create_kubernetes(self, name: str, spec: PlatformSpec, network: Any) -> Any:
        if spec.kubernetes is None:
            return None
        return resolve_name(CREATORS["kubernetes"])(name, spec.kubernetes, network, spec.tags, self)

    def _create_registry(self, name: str, spec: PlatformSpec) -> ImageBuilder | None:
        if spec.registry is None:
            return None
        url: Output[str] = resolve_name(CREATORS["registry"])(name, spec.registry, spec.tags, self)
        return ImageBuilder(name, url, self)

    def _create_adapter(self, name: str, spec: PlatformSpec) -> Input[str]:
        if not isinstance(spec.adapter, AdapterBuild):
            return spec.adapter
        repository = spec.adapter.repository
        if repository is None and self.images is not None:
            repository = self.images.repository
        pushed: Output[str] = resolve_name(CREATORS["adapter"])(name, spec.adapter, repository, self)
        return pushed


def _network_facts(network: Any) -> Mapping[str, Output[Any]]:
    return {
        "vpc_id": network.vpc_id,
        "private_subnet_ids": network.private_subnet_ids,
        "dualstack": network.dualstack,
    }
