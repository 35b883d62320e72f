"""One suite over all targets: the same event in, the same result and the same fate out."""
