"""Connecting: the wizard's five steps, and a page per connection."""
