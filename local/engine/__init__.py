"""The Pulumi engine: found, installed or built, and run in an isolated environment."""
