"""The `feed` source creates its own topic; it tests how a source is added."""
