"""Emulate ECS: tasks as Docker containers, one network namespace per task; services, protection, scaling."""
