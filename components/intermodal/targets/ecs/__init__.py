"""The `ecs` target: a worker service on Amazon ECS."""
