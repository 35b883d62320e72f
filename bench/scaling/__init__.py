"""Simulate a service that scales on queue alarms for a day, with the metrics that CloudWatch would publish."""
