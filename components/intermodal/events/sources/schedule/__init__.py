"""Source `schedule`: EventBridge Scheduler."""
