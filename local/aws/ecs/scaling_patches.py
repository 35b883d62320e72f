"""Gives ministack the service that it lacks: Application Auto Scaling; see `local.aws.patches`."""

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

APP, ROUTER, IAM_ACTIONS = "ministack.app", "ministack.core.router", "ministack.core.iam_actions"
NAME, MODULE = "application-autoscaling", "application_autoscaling"

EXPECTED: dict[tuple[str, str], Sequence[str]] = {
    (APP, "_lazy_handler"): ("module_name",),
    (APP, "_registry_state_map"): (),
    (IAM_ACTIONS, "_action_from_target"): ("headers",),
}


def apply() -> None:
    """Patch ministack in this process."""
    app: Any = import_module(APP)
    router: Any = import_module(ROUTER)
    actions: Any = import_module(IAM_ACTIONS)
    sys.modules[f"ministack.services.{MODULE}"] = import_module("local.aws.ecs.scaling_api")
    app.SERVICE_REGISTRY[NAME] = {"module": MODULE}
    app.SERVICE_HANDLERS[NAME] = app._lazy_handler(MODULE)
    app._state_map |= app._registry_state_map()
    router.SERVICE_PATTERNS[NAME] = {
        "target_prefixes": ["AnyScaleFrontendService"],
        "host_patterns": [r"application-autoscaling\."],
    }
    actions.SERVICE_TO_IAM_NAMESPACE[NAME] = NAME
