"""`andock new-plugin`: a package that passes its own checks, from the template beside it."""

import sys
from pathlib import Path

import click

from andock_command.opened import CannotGoOn

TEMPLATE = Path(__file__).parent / "template"
QUESTIONS = ("name", "slug", "publisher", "kind")


@click.command("new-plugin")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--data",
    "-d",
    "given",
    multiple=True,
    metavar="NAME=VALUE",
    help="An answer given beforehand: name, slug, publisher or kind (calendar, contacts, feed).",
)
def new_plugin(folder: Path, given: tuple[str, ...]) -> None:
    """Make a plugin's package in FOLDER: code, tests, documentation, both languages.

    Asks four questions; with --data for each of them it asks nothing.
    """
    data = _answers(given)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CannotGoOn(f"{folder} exists and is not empty. Nothing was changed.")
    missing = [name for name in QUESTIONS if name not in data]
    if missing and not sys.stdin.isatty():
        asked = " ".join(f"--data {name}=…" for name in missing)
        raise CannotGoOn(f"Nobody is there to ask. Give the answers beforehand: {asked}")
    _copy(folder, data)
    click.echo(f"The plugin lies in {folder}. What next stands in {folder / 'README.md'}:\n")
    click.echo(f"  cd {folder}")
    click.echo("  python3 -m venv .venv && .venv/bin/pip install -e '.[dev]'")
    click.echo("  .venv/bin/pytest --andock-contract")


def _answers(given: tuple[str, ...]) -> dict[str, str]:
    data: dict[str, str] = {}
    for one in given:
        name, equals, value = one.partition("=")
        if not equals or name not in QUESTIONS:
            raise CannotGoOn(
                f"--data {one}: write NAME=VALUE, NAME is one of {', '.join(QUESTIONS)}"
            )
        data[name] = value
    return data


def _copy(folder: Path, data: dict[str, str]) -> None:
    """Copier asks what is not given, checks all answers, and only then writes."""
    from copier import run_copy
    from copier.errors import CopierError

    try:
        run_copy(str(TEMPLATE), folder, data=data, defaults=len(data) >= len(QUESTIONS), quiet=True)
    except (CopierError, ValueError) as error:
        raise CannotGoOn(f"{error} Nothing was changed.") from error
    except KeyboardInterrupt as error:
        raise CannotGoOn("Nothing was changed.") from error
