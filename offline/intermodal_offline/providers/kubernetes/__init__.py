"""Provide an offline kubernetes provider: it manages any kind over REST, with server-side apply."""
