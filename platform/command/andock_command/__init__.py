"""The operator's command line, `andock`."""
