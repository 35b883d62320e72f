"""The embedded AWS: ministack behind a wrapper of ours, on loopback, with IAM enforced."""
