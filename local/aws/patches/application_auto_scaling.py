"""Serve the Application Auto Scaling API.

AWS: https://docs.aws.amazon.com/autoscaling/application/APIReference/Welcome.html

ministack does not have this service; `local.aws.ecs.scaling_api` handles its calls.
"""

import sys
from importlib import import_module
from typing import Any

from local.aws.expected import Expected

MODULE = "ministack.app"
ROUTER, IAM_ACTIONS = "ministack.core.router", "ministack.core.iam_actions"
NAME, HANDLER = "application-autoscaling", "application_autoscaling"

EXPECTED: Expected = {
    (MODULE, "_lazy_handler"): ("module_name",),
    (MODULE, "_registry_state_map"): (),
    (IAM_ACTIONS, "_action_from_target"): ("headers",),
}


def apply(app: Any) -> None:
    """Patch ministack's app module."""
    router: Any = import_module(ROUTER)
    actions: Any = import_module(IAM_ACTIONS)
    sys.modules[f"ministack.services.{HANDLER}"] = import_module("local.aws.ecs.scaling_api")
    app.SERVICE_REGISTRY[NAME] = {"module": HANDLER}
    app.SERVICE_HANDLERS[NAME] = app._lazy_handler(HANDLER)
    app._state_map |= app._registry_state_map()
    router.SERVICE_PATTERNS[NAME] = {
        "target_prefixes": ["AnyScaleFrontendService"],
        "host_patterns": [r"application-autoscaling\."],
    }
    actions.SERVICE_TO_IAM_NAMESPACE[NAME] = NAME
