"""The reference of the command line, as Markdown, from the commands themselves."""

import inspect
from collections.abc import Iterator

import click

from andock_command.main import andock


def every(
    command: click.Command = andock, path: str = "andock"
) -> Iterator[tuple[str, click.Command]]:
    """Each command with the words that call it, a group before its members."""
    yield path, command
    if isinstance(command, click.Group):
        for name, member in sorted(command.commands.items()):
            yield from every(member, f"{path} {name}")


def reference() -> str:
    """A heading for each command, what it does, and a table of what it takes."""
    return "\n".join(_section(path, command) for path, command in every())


def _section(path: str, command: click.Command) -> str:
    words = [one.make_metavar(click.Context(command)) for one in _arguments(command)]
    lines = [f"## `{' '.join([path, *words])}`", "", inspect.cleandoc(command.help or ""), ""]
    options = [one for one in command.params if isinstance(one, click.Option) and not one.hidden]
    if options:
        lines += ["| option | meaning |", "|---|---|"]
        lines += [f"| `{_spelled(option)}` | {_meaning(option)} |" for option in options]
        lines.append("")
    return "\n".join(lines)


def _arguments(command: click.Command) -> list[click.Argument]:
    return [one for one in command.params if isinstance(one, click.Argument)]


def _spelled(option: click.Option) -> str:
    names = ", ".join([*option.opts, *option.secondary_opts])
    metavar = "" if option.is_flag or option.count else " " + (option.metavar or "VALUE")
    if isinstance(option.type, click.Choice):
        metavar = " " + "/".join(str(one) for one in option.type.choices)
    return names + metavar


def _meaning(option: click.Option) -> str:
    words = " ".join((option.help or "").split())
    if option.show_default and option.default is not None:
        words += f" (default: {option.default})"
    if option.multiple:
        words += " (may be given several times)"
    return words.replace("|", "\\|")
