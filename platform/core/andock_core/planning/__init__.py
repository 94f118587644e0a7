"""Tasks and calls: a member's own planning."""
