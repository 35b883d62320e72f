"""What Fluent Bit is told where the platform installs it: lines of functions' pods go to the functions' log groups."""

from collections.abc import Mapping
from typing import Any

import pulumi_aws as aws
from pulumi import Input, InvokeOptions, Output, Resource, ResourceOptions
from pulumi_aws import iam

from intermodal.documents import linted
from intermodal.identity import lint
from intermodal.identity.args import PermissionArgs
from intermodal.identity.role import allow
from intermodal.identity.trust import TrustSpec, trust_policy
from intermodal.platform.addons import charts
from intermodal.platform.annotations import LOG_GROUP

ACCOUNT = "fluent-bit"
"""Its ServiceAccount."""

INPUT = """\
[INPUT]
    Name              tail
    Path              /var/log/containers/*_{namespace}_*.log
    Tag               kube.*
    multiline.parser  docker, cri
    Buffer_Max_Size   1M
    Mem_Buf_Limit     16M
"""
FILTER = """\
[FILTER]
    Name         kubernetes
    Match        kube.*
    Annotations  On
    Merge_Log    Off
    Keep_Log     On
"""
OUTPUT = """\
[OUTPUT]
    Name                 cloudwatch_logs
    Match                kube.*
    region               {region}
    log_group_name       intermodal-without-a-function
    log_group_template   $kubernetes['annotations']['{annotation}']
    log_stream_name      without-a-pod
    log_stream_template  $kubernetes['pod_name'].$kubernetes['container_name']
    log_key              log
    Retry_Limit          10
"""
"""Lines as the pods wrote them, so that CloudWatch finds the metrics in them (Fluent Bit manual, Amazon CloudWatch).

The names are where a pod without the annotation would go, which is none of a function; nobody creates that group.
"""


def fluent_bit_values(
    name: str, namespace: str, oidc: Input[str], tags: Mapping[str, Input[str]], parent: Resource
) -> dict[str, Any]:
    """Values of the chart, with a role by a token of its ServiceAccount.

    `{name}-fluent-bit-role` may write into any log group of its account and Region, because a function that comes later
    is no change of the platform.
    """
    here = InvokeOptions(parent=parent)
    account, region = aws.get_caller_identity_output(opts=here).account_id, aws.get_region_output(opts=here).region
    pods = {"provider_arn": oidc, "namespace": charts()["fluent_bit"]["namespace"], "service_account": ACCOUNT}
    trust = trust_policy([TrustSpec(kind="oidc", block=pods)], account)
    opts, subject = ResourceOptions(parent=parent), f'Platform "{name}"'
    role = iam.Role(
        f"{name}-fluent-bit-role", assume_role_policy=linted(trust, subject, lint.trust_problems), tags=tags, opts=opts
    )
    groups = Output.all(oidc, region, account).apply(
        lambda known: f"arn:{known[0].split(':')[1]}:logs:{known[1]}:{known[2]}:log-group:*"
    )
    write = PermissionArgs(sid="Write", actions=["logs:CreateLogStream", "logs:PutLogEvents"], resources=[groups])
    iam.RolePolicy(f"{name}-fluent-bit-writes", role=role.name, policy=allow([write], subject), opts=opts)
    return {
        "serviceAccount": {"name": ACCOUNT, "annotations": {"eks.amazonaws.com/role-arn": role.arn}},
        "config": {
            "inputs": INPUT.format(namespace=namespace),
            "filters": FILTER,
            "outputs": region.apply(lambda where: OUTPUT.format(region=where, annotation=LOG_GROUP)),
        },
    }
