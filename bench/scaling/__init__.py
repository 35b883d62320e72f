"""Simulated days of a service that scales by alarms on its queue, with the metrics that CloudWatch would have."""
