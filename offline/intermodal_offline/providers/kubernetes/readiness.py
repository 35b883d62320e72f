"""Check whether an object is ready, with the official plugin's rules for its kind."""

from collections.abc import Callable, Mapping

from intermodal_offline.providers.kubernetes.objects import annotation, dig
from intermodal_offline.providers.values import Props

DEFAULT_SECONDS = 600.0


class NeverReadyError(Exception):
    """The object has failed and cannot become ready; the message says why."""


def seconds(body: Props, given: float) -> float:
    """Return the time limit from customTimeouts (`given`), or else from the annotation, or else ten minutes."""
    annotated = annotation(body, "timeoutSeconds")
    return given or (float(annotated) if annotated else DEFAULT_SECONDS)


def is_skipped(body: Props) -> bool:
    """Return whether the user disabled waiting for this object."""
    return annotation(body, "skipAwait") == "true"


def find_missing(live: Props) -> str:
    """Return why an object is not ready yet, or an empty string if it is ready.

    Raises:
        NeverReadyError: the object has failed.
    """
    requested = annotation(live, "waitFor")
    if requested.startswith("condition="):
        name = requested.removeprefix("condition=")
        return "" if _holds(live, name) else f"condition {name} is not true{_message(live, name)}"
    rule = RULES.get(str(live.get("kind")))
    return rule(live) if rule else ""


def _holds(live: Props, name: str) -> bool:
    return any(each["type"] == name and each["status"] == "True" for each in _conditions(live))


def _conditions(live: Props) -> list[Props]:
    return dig(live, "status", "conditions") or []


def _message(live: Props, name: str) -> str:
    text = next((each.get("message") or each.get("reason") for each in _conditions(live) if each["type"] == name), "")
    return f": {text}" if text else ""


def _job(live: Props) -> str:
    if dig(live, "spec", "suspend"):
        return ""  # a controller such as Kueue will start it; the official plugin does not wait either
    if _holds(live, "Failed"):
        raise NeverReadyError(f"the Job failed{_message(live, 'Failed')}")
    return (
        "" if _holds(live, "Complete") else f"{dig(live, 'status', 'succeeded') or 0} of the Job's pods have succeeded"
    )


def _rollout(live: Props) -> str:
    status, desired = live.get("status") or {}, dig(live, "spec", "replicas")
    desired = 1 if desired is None else desired
    if status.get("observedGeneration", 0) < dig(live, "metadata", "generation"):
        return "the controller has not observed the latest change yet"
    updated, available = status.get("updatedReplicas", 0), status.get("availableReplicas", 0)
    if updated >= desired and available >= desired and status.get("replicas", 0) <= max(desired, updated):
        return ""
    return f"{available} of {desired} replicas are available{_message(live, 'Progressing')}"


def _daemons(live: Props) -> str:
    status = live.get("status") or {}
    desired, ready = status.get("desiredNumberScheduled", 0), status.get("numberAvailable", 0)
    if status.get("observedGeneration", 0) < dig(live, "metadata", "generation"):
        return "the controller has not observed the latest change yet"
    return "" if ready >= desired else f"{ready} of {desired} pods are available"


def _pod(live: Props) -> str:
    phase = dig(live, "status", "phase")
    if phase == "Failed":
        raise NeverReadyError(f"the Pod failed: {dig(live, 'status', 'message') or _containers(live)}")
    return "" if phase == "Succeeded" or _holds(live, "Ready") else f"the Pod is {phase}: {_containers(live)}"


def _containers(live: Props) -> str:
    states = [(each["name"], each.get("state") or {}) for each in dig(live, "status", "containerStatuses") or []]
    reasons = [(name, dig(state, "waiting", "reason") or dig(state, "terminated", "reason")) for name, state in states]
    return (
        ", ".join(f"container {name} {reason}" for name, reason in reasons if reason) or "the containers are starting"
    )


def _definition(live: Props) -> str:
    return "" if _holds(live, "Established") else "the API server does not serve the kind yet"


def _volume(live: Props) -> str:
    return "" if dig(live, "status", "phase") == "Bound" else "the claim is not bound to a volume yet"


RULES: Mapping[str, Callable[[Props], str]] = {
    "CustomResourceDefinition": _definition,
    "DaemonSet": _daemons,
    "Deployment": _rollout,
    "Job": _job,
    "PersistentVolumeClaim": _volume,
    "Pod": _pod,
    "StatefulSet": _rollout,
}
