"""Container function definitions: arguments, validation and the resolved spec."""
