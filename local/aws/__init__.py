"""Run the AWS emulator: a patched ministack on the loopback interface, with IAM enforced."""
