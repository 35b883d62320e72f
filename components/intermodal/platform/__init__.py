"""What functions share: network and bus, clusters to come; usable from another project by its handle."""
