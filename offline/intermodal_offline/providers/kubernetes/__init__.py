"""Provide an offline kubernetes provider that manages objects of any kind with server-side apply over REST."""
