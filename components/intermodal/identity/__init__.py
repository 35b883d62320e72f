"""The role of a container function: its trust and its permissions."""
