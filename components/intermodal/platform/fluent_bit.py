"""Configure Fluent Bit to send pod logs to their functions' log groups."""

from collections.abc import Mapping
from typing import Any

import pulumi_aws as aws
from pulumi import Input, InvokeOptions, Resource

from intermodal.platform.addon_role import AddonRole, create_addon_role
from intermodal.platform.labels import ARCHITECTURE, LOG_GROUP

ROLE = AddonRole(
    addon="fluent_bit",
    service_account="fluent-bit",
    verb="writes",
    actions=["logs:CreateLogStream", "logs:PutLogEvents"],
    resources="logs:log-group:*-logs*",
)
"""Functions' log group names contain `-logs`, because the engine appends a suffix to `{function}-logs`. A pod selects
its group through an annotation. So anyone who may create pods in the namespace may write to another function's
group."""


SERVICE = """\
[SERVICE]
    Daemon        Off
    Flush         1
    HTTP_Server   On
    HTTP_Listen   [::]
    HTTP_Port     2020
    Health_Check  On
"""
"""The chart's default listens on IPv4 only, but kubelet probes over IPv6 in a cluster that the platform creates
(fluent/helm-charts issue 355)."""

INPUT = """\
[INPUT]
    Name              tail
    Path              /var/log/containers/*_{namespace}_*.log
    Tag               kube.*
    multiline.parser  docker, cri
    Buffer_Max_Size   1M
    Mem_Buf_Limit     16M
    Read_from_Head    On
    DB                {state}/intermodal.db
    Refresh_Interval  5
"""
"""Keeps read positions on the node, so that a new pod continues there. Reading from the beginning would send lines
twice; reading from the end would lose some (Fluent Bit manual, Tail)."""

STATE = "/var/fluent-bit/state"
"""Folder on the node that AWS's Fluent Bit manifests use, even on Bottlerocket (EKS observability guide)."""

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
"""Sends raw lines, so that CloudWatch finds the metrics in them (Fluent Bit manual, Amazon CloudWatch).

The fixed names apply to pods without the annotation, which are not functions. That log group does not exist.
"""


def fluent_bit_values(
    name: str, namespace: str, oidc: Input[str], tags: Mapping[str, Input[str]], parent: Resource
) -> dict[str, Any]:
    """Create the role and return the chart values."""
    role = create_addon_role(name, ROLE, oidc, tags, parent)
    region = aws.get_region_output(opts=InvokeOptions(parent=parent)).region
    return {
        "serviceAccount": {"name": ROLE.service_account, "annotations": {"eks.amazonaws.com/role-arn": role.arn}},
        "tolerations": [{"key": ARCHITECTURE, "operator": "Exists", "effect": "NoSchedule"}],
        "extraVolumes": [{"name": "state", "hostPath": {"path": STATE, "type": "DirectoryOrCreate"}}],
        "extraVolumeMounts": [{"name": "state", "mountPath": STATE}],
        "config": {
            "service": SERVICE,
            "inputs": INPUT.format(namespace=namespace, state=STATE),
            "filters": FILTER,
            "outputs": region.apply(lambda where: OUTPUT.format(region=where, annotation=LOG_GROUP)),
        },
    }
