"""For whoever writes a plugin: the newest calls of its code, and loading it anew when it changes.

All of it is off unless the operator sets ANDOCK_DEVELOPER=1.
"""
