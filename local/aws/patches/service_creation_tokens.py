"""Return the first response if CreateService is repeated with the same client token.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html

An SDK repeats a call whose response is lost; ministack then rejects the second call.
"""

from typing import Any

from local.aws.expected import Expected

MODULE = "ministack.services.ecs"

EXPECTED: Expected = {(MODULE, "_create_service"): ("data",)}


def apply(ecs: Any) -> None:
    """Patch ministack's ecs module."""
    create = ecs._ACTION_MAP["CreateService"]
    answers: dict[str, Any] = {}

    def create_once(data: dict[str, Any]) -> Any:
        token = data.get("clientToken")
        if token in answers:
            return answers[token]
        answer = create(data)
        if token and answer[0] == 200:
            answers[token] = answer
        return answer

    ecs._ACTION_MAP["CreateService"] = create_once
