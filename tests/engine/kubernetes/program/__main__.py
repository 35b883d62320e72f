"""Declare one object of each kind, all named main; VARIANT changes them."""

import os
from typing import Any

import pulumi
import pulumi_kubernetes as kubernetes

VARIANT = os.environ.get("VARIANT", "base")
CHANGED = VARIANT != "base"
config = pulumi.Config()

cluster = kubernetes.Provider(
    "cluster",
    kubeconfig=config.require("kubeconfig"),
    cluster_identifier="tests",
    delete_unreachable=config.get_bool("deleteUnreachable"),
    skip_update_unreachable=config.get_bool("skipUpdateUnreachable"),
)
kinds: Any = kubernetes  # plain dicts, as in a user's program
opts = pulumi.ResourceOptions(provider=cluster)
space = kinds.core.v1.Namespace("main", opts=opts)
place = space.metadata.name
metadata: Any = {"namespace": place, "labels": {"variant": VARIANT}}
force: Any = {"annotations": {"pulumi.com/patchForce": "true"}} if VARIANT == "forced" else {}

settings = kinds.core.v1.ConfigMap(
    "main", metadata={"namespace": place}, data={"size": "2" if CHANGED else "1"}, opts=opts
)
kinds.core.v1.Secret(
    "main", metadata={"namespace": place, "name": "fixed"}, string_data={"key": "b" if CHANGED else "a"}, opts=opts
)
account = kinds.core.v1.ServiceAccount("main", metadata=metadata, opts=opts)
role = kinds.rbac.v1.Role(
    "main", metadata=metadata, rules=[{"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}], opts=opts
)
kinds.rbac.v1.RoleBinding(
    "main",
    metadata={"namespace": place},
    role_ref={"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": role.metadata.name},
    subjects=[{"kind": "ServiceAccount", "name": account.metadata.name, "namespace": place}],
    opts=opts,
)
pause: dict[str, Any] = {
    "terminationGracePeriodSeconds": 1,
    "containers": [
        {
            "name": "pause",
            "image": "localhost/pause:1",
            "imagePullPolicy": "Never",
            "resources": {"requests": {"cpu": "10m", "memory": "1Mi"}},
            "env": [
                {"name": "SIZE", "valueFrom": {"configMapKeyRef": {"name": settings.metadata.name, "key": "size"}}}
            ],
        }
    ],
}
kinds.apps.v1.Deployment(
    "main",
    metadata={"namespace": place, **force},
    spec={
        "replicas": 2 if CHANGED else 1,
        "selector": {"matchLabels": {"app": "main"}},
        "template": {"metadata": {"labels": {"app": "main"}}, "spec": pause},
    },
    opts=opts,
)
cron = {"timezone": "UTC", "start": "0 0 1 1 *", "end": "1 0 1 1 *", "desiredReplicas": "1"}
script = "print('changed')" if CHANGED else "print('base')"
job_pod: dict[str, Any] = {
    "restartPolicy": "Never",
    "containers": [
        {
            "name": "main",
            "image": config.require("image"),
            "imagePullPolicy": "Never",
            "command": ["python3", "-c", script],
        }
    ],
}
kinds.batch.v1.Job(
    "main", metadata={"namespace": place}, spec={"backoffLimit": 0, "template": {"spec": job_pod}}, opts=opts
)
kinds.apiextensions.CustomResource(
    "main",
    api_version="keda.sh/v1alpha1",
    kind="ScaledJob",
    metadata={"namespace": place},
    spec={
        "maxReplicaCount": 5 if CHANGED else 3,
        "jobTargetRef": {"template": {"spec": job_pod}},
        "triggers": [
            {
                "type": "cron",
                "metadata": {"timezone": "UTC", "start": "0 0 1 1 *", "end": "1 0 1 1 *", "desiredReplicas": "1"},
            }
        ],
    },
    opts=opts,
)
kinds.apiextensions.CustomResource(
    "main", api_version="kueue.x-k8s.io/v1beta2", kind="ResourceFlavor", metadata={}, opts=opts
)
pulumi.export("namespace", place)
pulumi.export("settings", settings.metadata.name)
