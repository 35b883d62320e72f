"""AWS's and Kubernetes' own schemas as a judge of what a program registers."""
