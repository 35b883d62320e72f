"""Deploy the same function on every target and in every language.

Each outcome has its own function, so that no failure affects another function's messages.
"""

import json
from typing import Any

import pulumi
from pulumi_aws import secretsmanager, sqs, ssm

from intermodal import ContainerFunction, Platform, send

RECEIVES = 2
RETRY_SECONDS = 72
"""Visibility timeout for functions that fail; Lambda retries after it, and six times the timeout is a long wait."""

KEPT_SECONDS = 7200

config = pulumi.Config("conformance")
targets = config.require_object("targets")
clusters: Any = {"ecs": {}}
if "kubernetes" in targets:
    clusters["kubernetes"] = {
        "existing": {
            "kubeconfig": config.require("kubeconfig"),
            "oidc_provider_arn": "arn:aws:iam::000000000000:oidc-provider/kubernetes.default.svc",
            "security_groups": True,
        },
        "namespace": config.require("namespace"),
        "environment": {"AWS_ENDPOINT_URL": config.require("endpoint")},
    }
parts: Any = {"network": {"zones": ["eu-central-1a"]}, "adapter": {"uri": config.require("adapter")}, **clusters}
platform = Platform("p", parts)
login = secretsmanager.Secret("login", recovery_window_in_days=0)
known = secretsmanager.SecretVersion(
    "known", secret_id=login.id, secret_string=pulumi.Output.secret(config.require("login"))
)
depth = ssm.Parameter("depth", type="SecureString", value="fathoms")


MORE: Any = {
    "process": {
        "entry_point": ["python", "-m", "awslambdaric"],
        "command": ["other.other"],
        "working_directory": "/var/task/nested",
    },
    "single": {"batch_size": 1, "report_batch_item_failures": False, "ephemeral_storage_mib": 1024},
}
"""Arguments that only one kind of function has."""


def keep_pods(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult | None:
    """Keep ended pods until the last test: without a log collector, their logs are the only ones."""
    if args.type_ != "kubernetes:keda.sh/v1alpha1:ScaledJob":
        return None
    props: dict[str, Any] = dict(args.props)
    props["spec"]["jobTargetRef"]["ttlSecondsAfterFinished"] = KEPT_SECONDS
    return pulumi.ResourceTransformResult(props, args.opts)


def limit_receives(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult | None:
    """Shorten the retries of an inbox with a transform, the escape hatch that applies to every child."""
    if args.type_ != "aws:sqs/queue:Queue" or "redrivePolicy" not in args.props:
        return None
    policy = pulumi.Output.from_input(args.props["redrivePolicy"]).apply(
        lambda text: json.dumps({**json.loads(text), "maxReceiveCount": RECEIVES})
    )
    shorter = {"redrivePolicy": policy, "visibilityTimeoutSeconds": RETRY_SECONDS}
    return pulumi.ResourceTransformResult({**args.props, **shorter}, args.opts)


def function(kind: str, target: str, language: str, about: Any, results: sqs.Queue) -> dict[str, Any]:
    """Deploy one function."""
    definition: Any = {
        "platform": platform,
        "vpc": True,
        "image": {"uri": about["image"]},
        "target": target,
        "drain_before_delete": False,
        "memory_mib": 256,
        "timeout_seconds": config.require_int("short_timeout" if kind in about["short"] else "timeout"),
        "environment": {"LEVEL": "info"},
        "secrets": {"SECRET_LOGIN": pulumi.Output.concat(known.arn, ":password"), "SECRET_DEPTH": depth.arn},
        "links": [send(results, variable="RESULTS_URL")],
        **MORE.get(kind, {}),
    }
    # Functions that must succeed may time out on a busy machine; their messages are then retried.
    transforms: list[Any] = [keep_pods] if kind in {"ok", *MORE} else [keep_pods, limit_receives]
    options = pulumi.ResourceOptions(transforms=transforms)
    made = ContainerFunction(f"{kind}-{target}-{language}", definition, options)
    return {"inbox_url": made.inbox_url, "dead_letters_arn": made.dead_letters_arn, "log_group": made.log_group_name}


def functions(language: str, about: Any) -> dict[str, Any]:
    """Deploy all functions in one language, and the queue that they report to."""
    results = sqs.Queue(f"results-{language}")
    made = {
        kind: {target: function(kind, target, language, about, results) for target in targets}
        for kind in about["kinds"]
    }
    return {"results_url": results.url, **made}


for language, about in config.require_object("languages").items():
    pulumi.export(language, functions(language, about))
