"""What commands ask for, and tables that they print."""

import sys
from collections.abc import Sequence

import click

from andock_core.accounts.passwords import check_policy


def new_password(*, from_stdin: bool) -> str:
    """A password, typed twice or read from standard input; never an argument, which others see.

    Raises PasswordTooShort, PasswordTooLong.
    """
    if from_stdin:
        password = sys.stdin.readline().rstrip("\n")
    else:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    check_policy(password)
    return password


def table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print rows under their heads, in columns."""
    cells = [list(heads), *([str(value) for value in row] for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(heads))]
    for row in cells:
        line = "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True))
        click.echo(line.rstrip())
