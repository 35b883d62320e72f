"""Read deployed functions from the state of a stack, for the commands."""
