"""Container images: references, build folders, Amazon ECR repositories."""
