"""Validate what a program registers against AWS's and Kubernetes' own schemas."""
