"""Container images: references, build folders, repositories of Amazon ECR."""
