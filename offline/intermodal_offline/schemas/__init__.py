"""Validate the resources that a program registers against AWS and Kubernetes schemas."""
