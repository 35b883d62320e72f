"""The ContainerFunction component and its lanes."""
