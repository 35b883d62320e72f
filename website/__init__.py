"""Build of the site: generated reference pages, pages for source files, and links between them."""
