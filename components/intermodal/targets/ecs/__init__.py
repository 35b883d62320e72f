"""The `ecs` target: an Amazon ECS service whose tasks consume the inbox."""
