"""Event sources, and the inbox that all of them feed."""
