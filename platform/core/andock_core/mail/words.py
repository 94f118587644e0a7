"""What mails say: one file for each kind and language in texts/, its first line the subject."""

from functools import cache
from pathlib import Path
from string import Template

TEXTS = Path(__file__).parent / "texts"
LANGUAGES = ("de", "en")


def compose(kind: str, language: str, **values: str) -> tuple[str, str]:
    """Subject and text of a mail. `values` fill the file's $names; each must be given.

    A language that is not known is English. Raises KeyError for a missing value.
    """
    subject, text = _read(kind, language if language in LANGUAGES else "en")
    plain = {name: " ".join(value.split()) for name, value in values.items()}
    return Template(subject).substitute(plain), Template(text).substitute(plain)


@cache
def _read(kind: str, language: str) -> tuple[str, str]:
    subject, _, text = (TEXTS / language / f"{kind}.txt").read_text("utf-8").partition("\n")
    return subject, text.lstrip("\n")
