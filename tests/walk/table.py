"""The walk as a table for people: docs/route-walk.md."""

from pathlib import Path

from tests.walk.known import KINDS, kind_of
from tests.walk.walking import Walk

PAGE = Path(__file__).parents[2] / "docs/route-walk.md"
HEAD = """# Who may open which address

Written by `python -m tests.walk`; a test fails when it is not current.

Every address of the application is asked by six people, with the ids of things that belong to one
of them, *the owner*: by GET, and by POST with a valid token. The cells are the statuses that
they got; several where several ids or states were tried. 302 and 303 lead on, strangers to the
sign-in page. 404 is what somebody gets for whom the thing is not there.

No answer to anybody but the owner holds one of the owner's private words, nobody but the owner
changes a row of theirs (their company's admins do what the admins' pages say), no answer leads to
another site, none lacks the content security policy or breaks it, and no address changes anything
without the token of the member's session.
"""


def page(done: Walk) -> str:
    """The whole page."""
    roles = list(dict.fromkeys(answer.role for answer in done.answers))
    statuses: dict[tuple[str, str], dict[str, set[int]]] = {}
    for answer in done.answers:
        row = statuses.setdefault((answer.endpoint, f"{answer.method} {answer.rule}"), {})
        row.setdefault(answer.role, set()).add(answer.status)
    leaks = sum(bool(answer.leaks) for answer in done.of_others())
    changes = sum(map(len, done.changed.values()))
    count = (
        f"{len(statuses)} routes × {len(roles)} roles, {len(done.answers)} requests: "
        f"**{leaks} leaks, {changes} foreign changes.**"
    )
    lines = [HEAD, count]
    for kind in KINDS:
        rows = sorted(
            (rule, row) for (name, rule), row in statuses.items() if kind_of(name) == kind
        )
        lines += [
            "",
            f"## {kind}",
            "",
            f"| | {' | '.join(roles)} |",
            "|---" * (1 + len(roles)) + "|",
        ]
        for rule, row in rows:
            cells = [" ".join(map(str, sorted(row.get(role, ())))) for role in roles]
            lines.append(f"| `{rule}` | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"
