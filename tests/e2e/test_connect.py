"""From the profile picture to a calendar in step, as a person does it, in both languages."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.person import Person
from tests.e2e.words import ENGLISH, GERMAN, Words

pytestmark = pytest.mark.browser
Enter = Callable[..., Person]


@pytest.mark.parametrize(
    ("email", "words", "one", "imports"),
    [
        ("anna@musterfirma.test", GERMAN, "Kalender", ("Familie", "Projekt Hafencity")),
        ("dora@nordlicht.test", ENGLISH, "Kalender|Calendar", ()),
    ],
    ids=["german", "english"],
)
def test_all_steps(
    person: Enter, email: str, words: Words, one: str, imports: tuple[str, ...]
) -> None:
    """Browse, add, authorize, search, test, choose, agree: the calendar holds the entries."""
    someone = person(email, words)
    someone.sign_in()
    someone.connect(f"(?:{one})", imports)
    someone.button(words.to_calendar).click()
    someone.show_month()
    expect(someone.page.locator(".cal-block").first).to_be_visible()
    assert {"block"} <= {span["kind"] for span in someone.around_today()}
    assert someone.trouble == []


@pytest.mark.parametrize(
    "words", [GERMAN, pytest.param(ENGLISH, marks=pytest.mark.more)], ids=["german", "english"]
)
def test_the_search_forgives(person: Enter, words: Words) -> None:
    """It finds while one types, with a typo and with half a word."""
    someone = person("clara@musterfirma.test", words)
    someone.sign_in()
    someone.browse()
    box = someone.page.get_by_role("searchbox")
    results = someone.page.get_by_role("main").get_by_role("link", name=words.product)
    for typed in ("kalen", "exchnage", words.product, "exch"):
        box.fill("zzzz")
        expect(results).to_have_count(0)
        box.fill(typed)
        expect(results.first).to_be_visible()
    assert someone.trouble == []


WRONG = {
    "unknown host": ("mail.nirgendwo.invalid", "(nicht gefunden|unbekannt|gibt es nicht)"),
    "nobody listens": ("localhost:1", "(.+)"),
    "Exchange Online": ("outlook.office365.com", "(Microsoft|Office ?365)"),
}


def test_what_goes_wrong_is_said_and_what_was_typed_stays(person: Enter) -> None:
    """Each failure has its own message; the password alone has to be typed again."""
    someone = person("clara@musterfirma.test")
    someone.sign_in()
    someone.add_integration("exchange")
    titles = set()
    for server, pattern in WRONG.values():
        someone.fill_access("MUSTERFIRMA\\clara", "geheim", server)
        someone.button(GERMAN.test).click()
        problem = someone.page.locator("#problem")
        expect(problem).to_be_visible()
        title = problem.inner_text()
        assert re.search(pattern, title), title
        titles.add(title)
        expect(someone.page.get_by_label(GERMAN.user_name)).to_have_value("MUSTERFIRMA\\clara")
        expect(someone.page.get_by_label("Server")).to_have_value(server)
        expect(someone.page.locator("main input[type=password]")).to_have_value("")
        someone.page.goto(someone.page.url.replace("/test", "/access"))
    assert len(titles) == len(WRONG)


def test_a_wrong_password_is_said_and_the_right_one_then_works(person: Enter) -> None:
    """The same form, the same connection: only the password is typed again."""
    someone = person("clara@musterfirma.test")
    someone.sign_in()
    someone.page.goto(f"{someone.web_url}/marketplace/exchange-calendar")
    someone.button(GERMAN.add).or_(someone.button(GERMAN.authorize)).first.click()
    if someone.button(GERMAN.authorize).count():
        someone.button(GERMAN.authorize).click()
    someone.fill_access("ben@musterfirma.test", "nicht das richtige", someone.server)
    someone.test_access(says=GERMAN.refused)
    expect(someone.page.get_by_label("Server")).to_have_value(someone.server)
