"""Target `ecs`: a worker service on Amazon ECS."""
