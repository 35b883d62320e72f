"""Run the local environment of one clone: the AWS emulator, Docker, Kubernetes and the Pulumi engine."""
