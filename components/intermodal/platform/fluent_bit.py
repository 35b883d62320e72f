"""Configure Fluent Bit to send pod logs to the functions' log groups."""

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
"""Role for log groups with `-logs` in their names, because the engine appends a suffix to `{function}-logs`. An
annotation selects a pod's log group, so anyone who can create pods in the namespace can write to another function's
log group."""


SERVICE = """\
[SERVICE]
    Daemon        Off
    Flush         1
    HTTP_Server   On
    HTTP_Listen   [::]
    HTTP_Port     2020
    Health_Check  On
"""
"""Service section that listens on IPv6. The chart's default listens only on IPv4, but the kubelet probes over IPv6 in
clusters that the platform creates (fluent/helm-charts issue 355)."""

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
"""Input section that stores read positions on the node, so that a new Fluent Bit pod continues from them. Otherwise, it
would read from the beginning and send lines twice, or from the end and lose lines (Fluent Bit manual, Tail)."""

STATE = "/var/fluent-bit/state"
"""State folder on the node, which AWS's Fluent Bit manifests also use on Bottlerocket (EKS observability guide)."""

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
"""Output section that sends raw lines, so that CloudWatch extracts their metrics (Fluent Bit manual, Amazon
CloudWatch).

The fixed names apply to pods without the annotation, which are not functions. That log group does not exist.
"""


def fluent_bit_values(
    name: str, namespace: str, oidc: Input[str], tags: Mapping[str, Input[str]], parent: Resource
) -> dict[str, Any]:
    """Create Fluent Bit's role and return the chart values."""
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
