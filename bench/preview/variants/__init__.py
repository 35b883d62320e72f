"""Variants of one program, whose previews are compared."""
