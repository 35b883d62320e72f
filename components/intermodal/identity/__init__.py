"""A container function's role: its trust and its permissions."""
