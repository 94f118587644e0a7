"""The marketplace's words for errors; tests/web/test_words.py compares all catalogues."""

from andock_marketplace.words import _ERRORS
from andock_web.messages import known_keys


def test_our_keys_are_ours() -> None:
    """A key has its words in one place."""
    assert known_keys().isdisjoint(_ERRORS)
