"""Target `kubernetes`: Jobs that KEDA starts."""
