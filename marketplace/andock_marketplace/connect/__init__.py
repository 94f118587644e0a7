"""Connecting: the wizard's four steps, and a page per connection."""
