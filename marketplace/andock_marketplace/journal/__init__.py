"""The journal of a connection, taking back, what was held, and conflicts."""
