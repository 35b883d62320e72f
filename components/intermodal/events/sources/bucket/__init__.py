"""Objects created in a bucket."""
