"""Run one suite on all targets: the same event has the same result and the same outcome."""
