"""Definition of a container function: arguments, validation and the resolved spec."""
