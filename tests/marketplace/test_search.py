"""The search finds what people mean, as they type."""

import pytest

from andock_marketplace.catalog.search import LONGEST_QUERY, fold, index, search

OFFERS = [
    index(
        "exchange",
        (3, ["Exchange Calendar", "Exchange Kalender"]),
        (2, ["outlook", "EWS", "calendar", "Kalender", "Termine"]),
        (1, ["Keeps your calendar in step.", "Hält Ihren Kalender im Gleichschritt."]),
    ),
    index(
        "office365",
        (3, ["Office365 Calendar", "Office365 Kalender"]),
        (2, ["outlook", "Microsoft 365", "calendar", "Kalender"]),
        (1, ["Sign in at Microsoft.", "Anmeldung bei Microsoft."]),
    ),
    index(
        "carddav",
        (3, ["Address book", "Adressbuch"]),
        (2, ["CardDAV", "contacts", "Kontakte"]),
        (1, ["Your contacts everywhere.", "Ihre Kontakte überall."]),
    ),
]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("Exchange Kalender", ["exchange"]),
        ("Exchange Calendar", ["exchange"]),
        ("exchnage kalnder", ["exchange"]),
        ("exhcange", ["exchange"]),
        ("echange calender", ["exchange"]),
        ("exch", ["exchange"]),
        ("exhc", ["exchange"]),
        ("kalen", ["exchange", "office365"]),
        ("klaen", ["exchange", "office365"]),
        ("KALENDER", ["exchange", "office365"]),
        ("outlook", ["exchange", "office365"]),
        ("outlok", ["exchange", "office365"]),
        ("office 365", ["office365"]),
        ("365", ["office365"]),
        ("ews", ["exchange"]),
        ("kontakte", ["carddav"]),
        ("kontkate", ["carddav"]),
        ("uberall", ["carddav"]),
        ("mein exchange kalender", ["exchange"]),
        ("gleichschritt", ["exchange"]),
        ("  ", ["exchange", "office365", "carddav"]),
        ("", ["exchange", "office365", "carddav"]),
        ("?!", ["exchange", "office365", "carddav"]),
        ("salesforce", []),
        ("exchange salesforce", []),
        ("xyz", []),
    ],
)
def test_what_a_query_finds(query: str, found: list[str]) -> None:
    """Half words, typos, either language; but not what has nothing to do with it."""
    assert search(query, OFFERS) == found


def test_the_title_counts_most() -> None:
    """Whoever names it finds it first."""
    things = [
        index("aside", (3, ["Something"]), (1, ["works with Exchange too"])),
        index("named", (3, ["Exchange"]), (1, ["a calendar"])),
    ]
    assert search("exchange", things) == ["named", "aside"]


def test_accents_and_case_make_no_difference() -> None:
    """One spelling for all."""
    assert fold("Übersicht STRASSE Café") == "ubersicht strasse cafe"


def test_an_endless_query_is_cut() -> None:
    """It must not keep a worker busy."""
    assert search("exchange " + "x" * 100_000, OFFERS) == []
    assert LONGEST_QUERY < 1000
