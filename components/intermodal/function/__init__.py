"""The components ContainerFunction and Lane."""
