"""The demo: real events through the deployed stack, and their results."""
