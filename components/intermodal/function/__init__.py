"""ContainerFunction and its lanes."""
