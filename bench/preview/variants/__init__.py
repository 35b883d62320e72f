"""Define the variants of the program whose previews are compared."""
