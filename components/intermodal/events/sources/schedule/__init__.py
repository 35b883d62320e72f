"""The `schedule` source: EventBridge Scheduler."""
