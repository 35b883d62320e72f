"""The `intermodal:` settings in a stack file: placements, and whole functions."""
