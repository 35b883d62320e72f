"""The `intermodal:` part of a stack file: where functions run, and functions declared whole."""
