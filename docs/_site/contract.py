"""The reference of the contract's rules, as Markdown, from the rules themselves."""

from itertools import groupby

from andock_sdk.contract.rules import Rule, rules


def reference() -> str:
    """A heading for each chapter, a table of its rules, and below it what they add."""
    chapters = groupby(rules(), key=lambda rule: rule.group)
    return "\n".join(_chapter(name, list(found)) for name, found in chapters)


def _chapter(name: str, found: list[Rule]) -> str:
    lines = [f"## {name.capitalize()}", "", "| rule | level | what holds |", "|---|---|---|"]
    lines += [f"| `{one.id}` | {one.level} | {_cell(one)} |" for one in found]
    return "\n".join([*lines, ""])


def _cell(rule: Rule) -> str:
    words = " ".join(f"{rule.sentence} {rule.docs}".split())
    return words.replace("|", "\\|")
