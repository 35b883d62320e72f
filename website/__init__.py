"""Build the site: generated reference pages, pages of files, and links between them."""
