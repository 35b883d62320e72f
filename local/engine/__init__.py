"""Find, install, or build the Pulumi engine, and run it in an isolated environment."""
