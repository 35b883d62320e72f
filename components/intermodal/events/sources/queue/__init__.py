"""Messages of the inbox itself, or of a queue that exists."""
