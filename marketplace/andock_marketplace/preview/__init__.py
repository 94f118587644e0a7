"""What a run would do, shown before it may start, and the member's yes."""
