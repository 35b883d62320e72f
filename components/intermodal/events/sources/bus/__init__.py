"""Events of an EventBridge bus."""
