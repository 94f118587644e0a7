"""A connection's settings, in whole sentences."""
