"""Emulate ECS: tasks (Docker containers in one network namespace per task), services, protection, and scaling."""
