"""Docker: the machine's daemon, else a private one from Debian's packages; the base image; function images."""
