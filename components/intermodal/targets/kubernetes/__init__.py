"""The `kubernetes` target: Jobs that KEDA starts."""
