"""Test what each target registers."""
