"""Extend the site with generated reference pages and pages for source files."""
