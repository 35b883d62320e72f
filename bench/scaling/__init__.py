"""Days of work on a service that scales by alarms on its queue, simulated with what CloudWatch sees of it."""
