"""Infrastructure shared by functions: network, event bus, ECS and Kubernetes clusters."""
