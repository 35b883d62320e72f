"""Source `bus`: events of an EventBridge bus."""
