"""Variants of one program for the comparison of previews."""
