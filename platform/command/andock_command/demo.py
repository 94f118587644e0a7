"""`andock demo`: everything on this machine, with invented data."""

import sys

import click


@click.command()
def demo() -> None:
    """Start everything on this machine with invented data, as `make run` does. Ctrl-C ends it."""
    from andock_demo.__main__ import main

    sys.exit(main())
