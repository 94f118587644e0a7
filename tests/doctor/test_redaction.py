"""What is taken out of a report, and what stays legible."""

import pytest

from andock_core.doctor.redaction import Redactor

SECRET = "Sommer-2026!"
MINE = Redactor([SECRET, "kurz1"], ["anna@firma.de", "FIRMA\\anna", "Anna Krüger"])


@pytest.mark.parametrize(
    "text",
    [
        f"password is {SECRET}",
        f"x{SECRET.upper()}y",
        "Sommer-2026%21",
        "U29tbWVyLTIwMjYh",
        "a=kurz1b",
        "Authorization: Basic YW5uYTpTb21tZXItMjAyNiE=",
        "bearer eyJhbGciOiJIUzI1NiJ9.e30.abcdef",
        "Cookie: session=4711abc",
        "set-cookie=cadata=4711abc",
        "https://h/?token=4711abc&x=1",
    ],
)
def test_no_secret_stays(text: str) -> None:
    """In whatever spelling it travels, and credentials that nobody named."""
    found = MINE.text(text).lower()
    assert "[secret]" in found
    for word in ("sommer-2026", "u29tbwvyl", "kurz1", "yw5uyt", "eyjhb", "4711abc"):
        assert word not in found


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("anna@firma.de with NTLM", "[user]@firma.de with NTLM"),
        ("FIRMA\\anna", "[user]"),
        ("Anna Krüger", "[user]"),
        ("hanna and annas", "hanna and annas"),
        ("ben@other.example", "[user]@other.example"),
        ("autodiscover.firma.de", "autodiscover.firma.de"),
    ],
)
def test_names_of_people_go_when_it_is_handed_on(text: str, left: str) -> None:
    """Hosts and domains stay: they are what IT needs."""
    assert MINE.text(text, names=True) == left
    assert MINE.text(text) == text


def test_texts_inside_data_are_found() -> None:
    """Keys stay, whatever they are."""
    value = {"steps": [{"detail": {"en": f"it is {SECRET}"}, "milliseconds": 3}]}
    assert MINE.value(value) == {"steps": [{"detail": {"en": "it is [secret]"}, "milliseconds": 3}]}


def test_a_short_secret_tears_no_word_apart() -> None:
    """As a word it goes."""
    redactor = Redactor(["ab"])
    assert redactor.text("about ab.") == "about [secret]."
