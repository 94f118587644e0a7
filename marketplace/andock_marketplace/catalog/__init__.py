"""Browsing: the search, the categories, and a page per integration."""
