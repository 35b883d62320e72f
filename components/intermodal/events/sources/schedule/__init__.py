"""Times of a schedule."""
