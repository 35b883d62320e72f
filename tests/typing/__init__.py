"""Programs for type checkers; nothing here is imported."""
