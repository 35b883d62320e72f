"""Check everything that the library registers against AWS and Kubernetes schemas."""
