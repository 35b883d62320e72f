"""Patches of ministack 1.5.33, one file per AWS behaviour that it lacks; local/aws/README.md lists them."""
