"""Fail to import, as a broken handler module does."""

raise RuntimeError("no database")
