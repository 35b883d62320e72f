"""Target `ecs`: a worker service on Amazon ECS."""

from intermodal.targets.pending import PendingTarget

TARGET = PendingTarget(word="ecs")
