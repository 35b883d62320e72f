"""Docker and the base image of the examples, unpacked or made from Debian's packages."""
