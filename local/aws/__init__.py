"""The AWS emulator: a patched ministack on loopback, with IAM enforced."""
