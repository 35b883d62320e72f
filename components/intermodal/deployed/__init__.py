"""Read deployed functions from a stack's state, for the CLI."""
