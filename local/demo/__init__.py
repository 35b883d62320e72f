"""The demo: real events through the deployed stack, and what came out."""
