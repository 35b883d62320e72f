"""Create the infrastructure that functions share: network, event bus, ECS and Kubernetes clusters."""
