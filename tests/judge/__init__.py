"""What AWS, Kubernetes and their own schemas say of everything that the library registers."""
