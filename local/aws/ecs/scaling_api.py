"""Emulate the Application Auto Scaling API: store scalable targets, policies, and tags.

ministack does not have this API; `local.aws.patches.application_auto_scaling` registers it as a ministack service.
"""

import copy
import json
import time
import uuid
from collections.abc import Callable
from typing import Any

from ministack.core.responses import (
    AccountRegionScopedDict,
    error_response_json,
    get_account_id,
    get_region,
    json_response,
)

_targets: Any = AccountRegionScopedDict()
_policies: Any = AccountRegionScopedDict()
_tags: Any = AccountRegionScopedDict()
_stores = {"targets": _targets, "policies": _policies, "tags": _tags}

WHERE = ("ServiceNamespace", "ResourceId", "ScalableDimension")
MISSING = "ObjectNotFoundException"


async def handle_request(method: str, path: str, headers: Any, body: Any, query_params: Any) -> Any:  # noqa: ARG001
    """Serve an API call in the AWS JSON protocol."""
    action = headers.get("x-amz-target", "").rpartition(".")[2]
    handle = ACTIONS.get(action)
    if handle is None:
        return error_response_json("InvalidAction", f"The emulator does not support the action {action}.", 400)
    return handle(json.loads(body or b"{}"))


def get_state() -> dict[str, Any]:
    """Return a copy of the state to save."""
    return {name: copy.deepcopy(store) for name, store in _stores.items()}


def load_persisted_state(data: dict[str, Any]) -> None:
    """Restore the saved state."""
    for name, store in _stores.items():
        store.update((data or {}).get(name, {}))


def reset() -> None:
    """Delete all targets, policies, and tags."""
    for store in _stores.values():
        store.clear()


def policies() -> list[tuple[tuple[str, str], dict[str, Any]]]:
    """Return all policies with their account and region."""
    return [((account, region), policy) for (account, region, _), policy in _policies.all_items()]


def target_of(policy: dict[str, Any]) -> dict[str, Any] | None:
    """Return a policy's scalable target, or None. The policy's account and region scope must be set."""
    found: dict[str, Any] | None = _targets.get(_key(policy))
    return found


def _key(data: dict[str, Any], *more: str) -> str:
    return "|".join([*(str(data.get(name)) for name in WHERE), *more])


def _arn(kind: str) -> str:
    return f"arn:aws:application-autoscaling:{get_region()}:{get_account_id()}:{kind}"


def _missing(data: dict[str, Any], what: str) -> Any:
    text = f"No {what} found for service namespace: {data.get(WHERE[0])}, resource ID: {data.get(WHERE[1])}, "
    return error_response_json(MISSING, f"{text}scalable dimension: {data.get(WHERE[2])}", 400)


def _register(data: dict[str, Any]) -> Any:
    old = _targets.get(_key(data))
    if old is None and not {"MinCapacity", "MaxCapacity"} <= data.keys():
        text = "MinCapacity and MaxCapacity are required for a new scalable target."
        return error_response_json("ValidationException", text, 400)
    made = {
        "ScalableTargetARN": _arn(f"scalable-target/{uuid.uuid4().hex[:22]}"),
        "CreationTime": time.time(),
        "RoleARN": f"arn:aws:iam::{get_account_id()}:role/aws-service-role/ecs.application-autoscaling.amazonaws.com/"
        "AWSServiceRoleForApplicationAutoScaling_ECSService",
        "SuspendedState": dict.fromkeys(
            ("DynamicScalingInSuspended", "DynamicScalingOutSuspended", "ScheduledScalingSuspended"), False
        ),
    }
    kept = {name: value for name, value in data.items() if name != "Tags"}
    target = {**made, **(old or {}), **kept}
    if target["MinCapacity"] > target["MaxCapacity"]:
        text = "Maximum capacity cannot be less than minimum capacity"
        return error_response_json("ValidationException", text, 400)
    _targets[_key(data)] = target
    _tags.setdefault(target["ScalableTargetARN"], dict(data.get("Tags") or {}))
    return json_response({"ScalableTargetARN": target["ScalableTargetARN"]})


def _describe_targets(data: dict[str, Any]) -> Any:
    return json_response({"ScalableTargets": _select(_targets, data, data.get("ResourceIds"))})


def _select(store: Any, data: dict[str, Any], resources: list[str] | None) -> list[dict[str, Any]]:
    return [
        one
        for one in store.values()
        if one[WHERE[0]] == data.get(WHERE[0])
        and (not resources or one[WHERE[1]] in resources)
        and data.get(WHERE[2]) in {None, one[WHERE[2]]}
    ]


def _deregister(data: dict[str, Any]) -> Any:
    target = _targets.pop(_key(data), None)
    if target is None:
        return _missing(data, "scalable target")
    _tags.pop(target["ScalableTargetARN"], None)
    for key in [key for key in _policies if key.startswith(_key(data) + "|")]:
        del _policies[key]
    return json_response({})


def _put_policy(data: dict[str, Any]) -> Any:
    if _key(data) not in _targets:
        return _missing(data, "scalable target")
    key = _key(data, data["PolicyName"])
    old = _policies.get(key) or {}
    resource, namespace = data[WHERE[1]], data[WHERE[0]]
    kind = f"scalingPolicy:{uuid.uuid4()}:resource/{namespace}/{resource}:policyName/{data['PolicyName']}"
    made = {"PolicyARN": _arn(kind).replace("application-autoscaling", "autoscaling"), "CreationTime": time.time()}
    kept = {name: old[name] for name in made if name in old}
    _policies[key] = {"PolicyType": "StepScaling", "Alarms": [], **made, **kept, **data}
    return json_response({"PolicyARN": _policies[key]["PolicyARN"], "Alarms": []})


def _describe_policies(data: dict[str, Any]) -> Any:
    names, resource = data.get("PolicyNames"), data.get(WHERE[1])
    found = _select(_policies, data, [resource] if resource else None)
    return json_response({"ScalingPolicies": [one for one in found if not names or one["PolicyName"] in names]})


def _delete_policy(data: dict[str, Any]) -> Any:
    if _policies.pop(_key(data, data["PolicyName"]), None) is None:
        return _missing(data, "scaling policy")
    return json_response({})


def _with_tags(change: Callable[[dict[str, str], dict[str, Any]], Any]) -> Callable[[dict[str, Any]], Any]:
    def handle(data: dict[str, Any]) -> Any:
        tags = _tags.get(data["ResourceARN"])
        if tags is None:
            text = f"The resource {data['ResourceARN']} does not exist."
            return error_response_json("ResourceNotFoundException", text, 400)
        return json_response(change(tags, data) or {})

    return handle


def _untag(tags: dict[str, str], data: dict[str, Any]) -> None:
    for name in data["TagKeys"]:
        tags.pop(name, None)


ACTIONS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "RegisterScalableTarget": _register,
    "DescribeScalableTargets": _describe_targets,
    "DeregisterScalableTarget": _deregister,
    "PutScalingPolicy": _put_policy,
    "DescribeScalingPolicies": _describe_policies,
    "DeleteScalingPolicy": _delete_policy,
    "ListTagsForResource": _with_tags(lambda tags, data: {"Tags": tags}),  # noqa: ARG005 - the signature is common
    "TagResource": _with_tags(lambda tags, data: tags.update(data["Tags"])),
    "UntagResource": _with_tags(_untag),
}
