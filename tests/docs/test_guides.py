"""The guides say what stands on the screen, in both languages alike."""

import pytest

from tests.docs import guides
from tests.docs.documented import ROOT

WORDS = guides.on_screen()


def test_both_languages_have_the_same_pages() -> None:
    """Who reads German finds every guide that there is in English, and the other way round."""
    assert list(guides.pages("de")) == list(guides.pages("en"))


@pytest.mark.parametrize("name", list(guides.pages("en")))
def test_both_languages_have_the_same_headings(name: str) -> None:
    """A section that was added in one language is missed in the other."""
    english, german = (guides.headings(guides.pages(language)[name]) for language in ("en", "de"))
    assert german == english
    assert english[0] == 1


@pytest.mark.parametrize("language", guides.LANGUAGES)
def test_quoted_words_stand_on_the_screen(language: str) -> None:
    """A button that was renamed is renamed in the guides."""
    unknown = {
        name: words
        for name, page in guides.pages(language).items()
        if (words := [word for word in guides.quoted(page) if word not in WORDS[language]])
    }
    assert unknown == {}


def test_the_first_plugin_quotes_words_that_stand_on_the_screen() -> None:
    """Its last steps are done in the browser."""
    quoted = guides.quoted(ROOT / "docs/first-plugin.md")
    assert "Add" in quoted
    assert set(quoted) - WORDS["en"] == set()


def test_members_and_admins_are_told_the_words() -> None:
    """The check above has something to look at."""
    for language in guides.LANGUAGES:
        quoted = [len(guides.quoted(page)) for page in guides.pages(language).values()]
        assert sum(quoted) > 100
