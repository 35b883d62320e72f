"""Patch ministack 1.5.33 to match AWS; each file changes one behaviour, and local/aws/README.md lists them all."""
