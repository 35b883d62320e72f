"""The embedded AWS: a patched ministack on loopback, with IAM enforced."""
