"""The operations of Application Auto Scaling that a provider calls (API reference, version 2016-02-06)."""

import json
import time
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from local.aws.autoscaling.store import Store

SERVICE = "application-autoscaling"
PREFIX = "AnyScaleFrontendService."
Answer = tuple[int, dict[str, str], bytes]
Whose = Callable[[], tuple[str, str]]
"""Account and region of the request."""


class NotFoundError(Exception):
    """No such target or policy."""


class Api:
    """Answers requests in ministack's shape."""

    def __init__(self, store: Store, whose: Whose) -> None:
        self._store, self._whose = store, whose

    async def handle_request(  # the shape of a service's handler in ministack
        self,
        method: str,  # noqa: ARG002
        path: str,  # noqa: ARG002
        headers: Mapping[str, str],
        body: bytes,
        query_params: Any,  # noqa: ARG002
    ) -> Answer:
        """One operation, named by the X-Amz-Target header."""
        name = headers.get("x-amz-target", "").removeprefix(PREFIX)
        operation = getattr(self, f"_{_snake(name)}", None)
        if operation is None:
            return _error(400, "ValidationException", f"{name or 'an operation without a name'} is not emulated")
        try:
            return _ok(operation(json.loads(body or b"{}")))
        except NotFoundError as error:
            return _error(400, "ObjectNotFoundException", str(error))

    def _register_scalable_target(self, asked: dict[str, Any]) -> dict[str, Any]:
        account, region = self._whose()
        key = _key(asked)
        known = self._store.get("targets", key) or {
            "ScalableTargetARN": f"arn:aws:{SERVICE}:{region}:{account}:scalable-target/{uuid.uuid4().hex}",
            "CreationTime": time.time(),
            "RoleARN": f"arn:aws:iam::{account}:role/aws-service-role/ecs.application-autoscaling.amazonaws.com/"
            "AWSServiceRoleForApplicationAutoScaling_ECSService",
            "SuspendedState": {
                "DynamicScalingInSuspended": False,
                "DynamicScalingOutSuspended": False,
                "ScheduledScalingSuspended": False,
            },
            "Tags": {},
        }
        self._store.put("targets", key, {**known, **asked, "Tags": {**known["Tags"], **asked.get("Tags", {})}})
        return {"ScalableTargetARN": known["ScalableTargetARN"]}

    def _describe_scalable_targets(self, asked: dict[str, Any]) -> dict[str, Any]:
        found = [one for one in self._store.all("targets") if _matches(one, asked)]
        return {"ScalableTargets": [{k: v for k, v in one.items() if k != "Tags"} for one in found]}

    def _deregister_scalable_target(self, asked: dict[str, Any]) -> dict[str, Any]:
        key = _key(asked)
        if self._store.pop("targets", key) is None:
            raise NotFoundError(f"No scalable target found for {key}")
        for policy in self._store.all("policies"):
            if _key(policy) == key:
                self._store.pop("policies", _policy_key(policy))
        return {}

    def _put_scaling_policy(self, asked: dict[str, Any]) -> dict[str, Any]:
        if self._store.get("targets", _key(asked)) is None:
            raise NotFoundError(f"No scalable target registered for {_key(asked)}")
        account, region = self._whose()
        key = _policy_key(asked)
        known = self._store.get("policies", key) or {
            "PolicyARN": f"arn:aws:autoscaling:{region}:{account}:scalingPolicy:{uuid.uuid4()}:resource/"
            f"{asked['ServiceNamespace']}/{asked['ResourceId']}:policyName/{asked['PolicyName']}",
            "CreationTime": time.time(),
            "Alarms": [],
        }
        made = {name: known[name] for name in ("PolicyARN", "CreationTime", "Alarms")}
        self._store.put("policies", key, {**made, "PolicyType": "StepScaling", **asked})
        return {"PolicyARN": known["PolicyARN"], "Alarms": known["Alarms"]}

    def _describe_scaling_policies(self, asked: dict[str, Any]) -> dict[str, Any]:
        names = asked.get("PolicyNames")
        found = [one for one in self._store.all("policies") if _matches(one, asked)]
        return {"ScalingPolicies": [one for one in found if not names or one["PolicyName"] in names]}

    def _delete_scaling_policy(self, asked: dict[str, Any]) -> dict[str, Any]:
        if self._store.pop("policies", _policy_key(asked)) is None:
            raise NotFoundError(f"No scaling policy found for {_policy_key(asked)}")
        return {}

    def _list_tags_for_resource(self, asked: dict[str, Any]) -> dict[str, Any]:
        return {"Tags": self._by_arn(asked)["Tags"]}

    def _tag_resource(self, asked: dict[str, Any]) -> dict[str, Any]:
        target = self._by_arn(asked)
        self._store.put("targets", _key(target), {**target, "Tags": {**target["Tags"], **asked["Tags"]}})
        return {}

    def _untag_resource(self, asked: dict[str, Any]) -> dict[str, Any]:
        target = self._by_arn(asked)
        left = {name: value for name, value in target["Tags"].items() if name not in asked["TagKeys"]}
        self._store.put("targets", _key(target), {**target, "Tags": left})
        return {}

    def _by_arn(self, asked: dict[str, Any]) -> dict[str, Any]:
        for target in self._store.all("targets"):
            if target["ScalableTargetARN"] == asked["ResourceARN"]:
                return target
        raise NotFoundError(f"No scalable target with ARN {asked['ResourceARN']}")


def _key(asked: Mapping[str, Any]) -> str:
    return "|".join(asked[name] for name in ("ServiceNamespace", "ResourceId", "ScalableDimension"))


def _policy_key(asked: Mapping[str, Any]) -> str:
    return f"{_key(asked)}|{asked['PolicyName']}"


def _matches(one: Mapping[str, Any], asked: Mapping[str, Any]) -> bool:
    ids = asked.get("ResourceIds") or ([asked["ResourceId"]] if "ResourceId" in asked else [])
    return (
        one["ServiceNamespace"] == asked["ServiceNamespace"]
        and (not ids or one["ResourceId"] in ids)
        and asked.get("ScalableDimension") in (None, one["ScalableDimension"])
    )


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")


def _ok(answer: dict[str, Any]) -> Answer:
    return 200, {"Content-Type": "application/x-amz-json-1.1"}, json.dumps(answer).encode()


def _error(status: int, kind: str, message: str) -> Answer:
    body = json.dumps({"__type": kind, "message": message}).encode()
    return status, {"Content-Type": "application/x-amz-json-1.1", "x-amzn-errortype": kind}, body
