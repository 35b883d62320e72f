"""The `batch` target creates a topic in place of a compute service; it tests how a target is added."""
