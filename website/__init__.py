"""Build the site: generate reference pages and pages for source files, and link them."""
