"""Docker: the machine's, else a private daemon from Debian's packages; the base image; images of functions."""
