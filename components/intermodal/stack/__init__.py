"""Read the `intermodal:` settings in a stack file: placements and function definitions."""
