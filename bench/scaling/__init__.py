"""Simulate days of a service that is scaled by alarms on its queue, with the metrics that CloudWatch would have."""
