"""Create event sources and the inboxes that they send to."""
