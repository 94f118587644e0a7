"""The audit log as a table for spreadsheets (CSV).

UTF-8 with a byte order mark, because Excel takes it for the system's old code page otherwise;
separated by semicolons in German and by commas in English, as Excel expects in each; CRLF (RFC
4180). What a spreadsheet would run as a formula begins with an apostrophe.
"""

import csv
import io
from collections.abc import Iterable, Iterator

from flask_babel import gettext as _

from andock_core.audit.reading import Line
from andock_web.administration import words
from andock_web.formats import local

BOM = "\ufeff"
SEPARATORS = {"de": ";", "en": ","}
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def rows(lines: Iterable[Line], language: str) -> Iterator[str]:
    """The file, piece by piece."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=SEPARATORS.get(language, ","), lineterminator="\r\n")
    heads = (
        *(_("When"), _("When (UTC)"), _("Action"), _("Key"), _("Who"), _("Whom")),
        *(_("Integration"), _("Details"), _("Number of the entry")),
    )
    writer.writerow([str(head) for head in heads])
    yield BOM + _taken(buffer)
    for line in lines:
        writer.writerow([harmless(cell) for cell in _cells(line)])
        yield _taken(buffer)


def harmless(cell: str) -> str:
    """The cell as no spreadsheet takes it for a formula (OWASP: CSV injection)."""
    return f"'{cell}" if cell.lstrip(" ").startswith(_DANGEROUS) else cell


def _cells(line: Line) -> tuple[str, ...]:
    return (
        local(line.at).strftime("%Y-%m-%d %H:%M:%S"),
        line.at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        words.action(line.action),
        line.action,
        words.actor(line),
        words.subject(line),
        line.integration,
        words.details(line),
        line.id,
    )


def _taken(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text
