"""Local environment: the embedded AWS, Docker, Kubernetes and the Pulumi engine of one clone."""
