"""ECS: tasks as Docker containers with one network namespace each, services, protection, scaling."""
