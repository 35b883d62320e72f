"""AWS's and Kubernetes' own schemas, to validate what a program registers."""
