"""Calls from the other side under a plugin's own path: addresses, what the web takes in, what a
worker makes of it."""
