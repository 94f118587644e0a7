"""Reasons: one sentence in English, another in German, the technical detail in both."""

import pytest
from flask import Flask
from flask_babel import Babel, force_locale

from andock_core.host.reasons import LONGEST_VALUE, SENTENCES, Reason, heard
from andock_marketplace import reasons
from andock_marketplace.reasons.words import _SENTENCES, reason_of


@pytest.fixture(scope="module")
def app() -> Flask:
    """The words alone."""
    made = Flask(__name__)
    Babel(made)
    reasons.register(made)
    return made


def test_pages_say_in_english_what_the_command_says(app: Flask) -> None:
    """Every reason there is; in German it is another sentence."""
    with app.test_request_context():
        with force_locale("en"):
            assert {key: str(said) for key, said in _SENTENCES.items()} == SENTENCES
        with force_locale("de"):
            assert not [key for key, said in _SENTENCES.items() if str(said) == SENTENCES[key]]


def test_detail_is_the_same_in_every_language(app: Flask) -> None:
    """Without what nobody sees, and not without end."""
    reason = Reason("load.fails", detail="KeyError \u202e(client.py:31)" + "x" * 999)
    with app.test_request_context(), force_locale("de"):
        said = reason_of(reason)
    assert said.startswith("scheitert beim Laden: KeyError (client.py:31)")
    assert len(said) < LONGEST_VALUE + 40


@pytest.mark.parametrize(
    ("key", "values"), [("no.such", {}), ("load.fails", {}), ("load.fails", {"other": "x"})]
)
def test_another_process_may_tell_anything(key: str, values: dict[str, str]) -> None:
    """Then nothing was told."""
    assert heard(key, values) == "ended without an answer"
