"""Report what is wrong with a definition: every problem at once."""
