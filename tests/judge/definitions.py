"""Define the platforms and sources that the renderings share."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pulumi
from pulumi_aws import dynamodb, s3, secretsmanager, sns, sqs, ssm

from intermodal import ContainerFunction, Network, Platform, enable_bucket_events, read, send, write
from intermodal.testing import ACCOUNT, REGION

IMAGE = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/scan@sha256:{'0' * 64}"
ADAPTER = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/adapter@sha256:{'1' * 64}"
SECRET = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:prod/db-AbCdEf"
PARAMETER = f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter/prod/token"
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:orders"
OIDC = f"arn:aws:iam::{ACCOUNT}:oidc-provider/oidc.eks.{REGION}.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE"
ZONES = [f"{REGION}a", f"{REGION}b"]
TAGS = {"team": "shop"}
KUBECONFIG = "kubeconfig"

LONGEST_FUNCTION, LONGEST_PART = "f" * 30, "p" * 16
LONGEST_PROJECT, LONGEST_STACK = "p" * 60, "s" * 60

Definition = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Rendering:
    """Arguments for one platform and its functions."""

    name: str
    platform: Definition = field(default_factory=dict)
    functions: Mapping[str, Definition] = field(default_factory=dict)
    networks: Mapping[str, Definition] = field(default_factory=dict)
    beside: Callable[[], Definition] = dict
    """Creates the caller's resources; its result is added to every function."""
    platform_name: str = "shared"
    project: str = "shop"
    stack: str = "prod"

    def program(self) -> None:
        """Register the platform and its functions."""
        for name, network in self.networks.items():
            Network(name, network)  # type: ignore[arg-type]
        platform = Platform(self.platform_name, self.platform) if self.platform else None  # type: ignore[arg-type]
        shared = {"platform": platform.handle} if platform else {}
        opts = pulumi.ResourceOptions(providers=platform.providers) if platform else None
        common = self.beside()
        for name, function in self.functions.items():
            definition: Any = {"image": IMAGE, **shared, **common, **function}
            ContainerFunction(name, definition, opts)


def create_linked() -> Definition:
    bucket, table = (
        s3.Bucket("photos"),
        dynamodb.Table("index", attributes=[{"name": "id", "type": "S"}], hash_key="id"),
    )
    queue, topic = sqs.Queue("work"), sns.Topic("news")
    secret, parameter = secretsmanager.Secret("db"), ssm.Parameter("settings", type="String", value="{}")
    enable_bucket_events("photos", bucket.bucket)
    return {
        "links": [
            *[read(each) for each in (bucket, table, secret, parameter)],
            *[write(each) for each in (bucket, table, secret, parameter)],
            *[send(each) for each in (queue, topic)],
        ]
    }


SOURCES: list[Definition] = [
    {"queue": {"senders": [f"arn:aws:iam::{ACCOUNT}:role/shop"]}},
    {"bus": {"pattern": {"source": ["shop"]}, "bus_name": "orders"}},
    {"bucket": {"bucket": "photos", "prefix": "in/"}},
    {"topic": {"arn": TOPIC, "filter": {"kind": ["order"]}, "filter_scope": "MessageBody"}},
    {
        "topic": {"arn": f"{TOPIC}-b", "filter": {"kind": ["order"]}, "filter_scope": "MessageAttributes"},
        "name": "more",
    },
    {"schedule": {"expression": "cron(0 8 ? * MON-FRI *)", "timezone": "Europe/Berlin", "input": {"id": 1}}},
    {"schedule": {"expression": "rate(1 hour)"}, "name": "hourly"},
    {"http": {"path": "/orders", "authorization": "iam", "headers": ["X-Signature"]}},
    {
        "http": {"authorization": "none", "requests_per_second": 10, "burst": 20, "access_logs": True},
        "name": "open",
    },
    {"bus": {"pattern": {"source": ["later"]}}, "name": "later", "enabled": False},
    {"schedule": {"expression": "at(2027-01-31T08:00:00)"}, "name": "once", "enabled": False},
    {
        "bucket": {
            "bucket": "photos",
            "prefix": "in*/",
            "suffix": ".jpg",
            "events": [
                "created",
                "deleted",
                "restore-initiated",
                "restore-completed",
                "restore-expired",
                "tags-added",
                "tags-deleted",
            ],
        },
        "name": "objects",
    },
    {"topic": {"arn": f"{TOPIC}-c", "raw": False}, "name": "envelope"},
]
LONG_SOURCES = [{**source, "name": f"{'s' * 14}{index:02}"} for index, source in enumerate(SOURCES)]
LONG_LANE = {"lane": LONGEST_PART}

EVERYTHING_CREATED: Definition = {
    "network": {"zones": ZONES, "nat": "per-zone", "endpoints": ["ssm"], "cidr_block": "10.1.0.0/16"},
    "bus": {},
    "ecs": {"capacity_provider": "FARGATE"},
    "registry": {"force_delete": True},
    "adapter": {"uri": ADAPTER},
    "kubernetes": {
        "create": {
            "version": "1.36",
            "public_access_cidrs": ["203.0.113.0/24"],
            "administrators": {"ci": f"arn:aws:iam::{ACCOUNT}:role/ci"},
        },
        "addons": {"keda": True, "kueue": True, "fluent_bit": True, "external_secrets": True},
        "namespace": "work",
        "maximum_pods": 40,
        "priority_class": "batch",
        "environment": {"HTTPS_PROXY": "http://proxy.example:3128"},
    },
    "tags": TAGS,
}
EVERYTHING_ADOPTED: Definition = {
    "network": {
        "existing": {
            "vpc_id": "vpc-0123456789abcdef0",
            "private_subnet_ids": ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
            "dualstack": True,
        }
    },
    "bus": {"existing": "orders"},
    "registry": {"existing": f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/images"},
    "ecs": {"existing": f"arn:aws:ecs:{REGION}:{ACCOUNT}:cluster/shared", "capacity_provider": "own-instances"},
    "adapter": {"uri": ADAPTER},
    "kubernetes": {
        "existing": {
            "kubeconfig": KUBECONFIG,
            "context": "prod",
            "oidc_provider_arn": OIDC,
            "security_groups": True,
        },
        "addons": {"keda": False, "kueue": False, "fluent_bit": False, "external_secrets": False},
    },
}
WITHOUT_NAT: Definition = {
    "network": {
        "zones": ZONES,
        "nat": "none",
        "ip_family": "ipv4",
        "targets": ["lambda", "ecs", "kubernetes"],
        "skip_endpoints": ["ecs"],
        "subnets": {
            ZONES[0]: {"private": "10.0.64.0/20", "public": "10.0.80.0/20"},
        },
        "tags": TAGS,
    },
    "ecs": {},
    "adapter": {"uri": ADAPTER},
}
SINGLE_NAT: Definition = {
    "network": {"zones": ZONES, "nat": "single", "ip_family": "dualstack"},
    "ecs": {"capacity_provider": "FARGATE_SPOT"},
    "adapter": {
        "build": "runtime",
        "repository": f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/adapter",
        "architectures": ["x86_64", "arm64"],
    },
}
