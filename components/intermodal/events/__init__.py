"""Event sources, and the inbox at which all of them end."""
