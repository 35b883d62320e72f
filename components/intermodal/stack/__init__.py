"""The `intermodal:` part of a stack file: placements, and whole functions."""
