"""Docker and the base image of the examples, from Debian's packages."""
