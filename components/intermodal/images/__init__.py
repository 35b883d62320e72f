"""Handle container images: references, build folders and Amazon ECR repositories."""
