"""Build the Job for one event from the lane's ScaledJob."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

FOLDER = "/var/run/intermodal"
EVENT = "event.json"


def one_shot_job(name: str, scaled_job: Mapping[str, Any]) -> dict[str, Any]:
    """Return a Job with the ScaledJob's pod template and labels, and with the event mounted from the Secret `name`."""
    spec = deepcopy(dict(scaled_job["spec"]["jobTargetRef"]))
    pod = spec["template"]["spec"]
    adapter = next(each for each in pod["initContainers"] if each["name"] == "adapter")
    adapter["args"] = [*adapter["args"], "--event-file", f"{FOLDER}/{EVENT}"]
    adapter["volumeMounts"] = [
        *adapter.get("volumeMounts", []),
        {"name": "event", "mountPath": FOLDER, "readOnly": True},
    ]
    pod["volumes"] = [*pod.get("volumes", []), {"name": "event", "secret": {"secretName": name}}]
    return {"metadata": {"name": name, "labels": dict(scaled_job["metadata"]["labels"])}, "spec": spec}
