"""The `bus` source: events from an EventBridge bus."""
