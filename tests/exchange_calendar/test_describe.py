"""The listing, the form, and that every error has words in both languages."""

import re
from importlib.metadata import entry_points
from pathlib import Path

import pluggy
import pytest
from lxml import etree

import andock_exchange_calendar
from andock_exchange_calendar import integration
from andock_exchange_calendar.config import MESSAGES, VERSION
from andock_sandbox import Mailbox
from andock_sandbox.server import SandboxServer
from andock_sdk import Answers, FieldErrors, Grant, Text, errors, hookspecs, patterns, rules, series
from andock_sdk.https import wire
from andock_sdk.network_messages import NETWORK
from tests.exchange_calendar.surroundings import (
    EMAIL,
    PASSWORD,
    Surroundings,
    grant_for,
)

SOURCES = Path(andock_exchange_calendar.__file__).parent
KEY = re.compile(
    r'"((?:' + "|".join(sorted({key.split(".")[0] for key in MESSAGES})) + r')\.[a-z_]+)"'
)


def test_the_listing_says_what_it_asks_for() -> None:
    """Calendar and, by a switch, contacts: read and write; e-mails: no."""
    listing = integration().describe()
    assert (listing.slug, listing.version) == ("exchange-calendar", VERSION)
    assert (listing.title.en, listing.title.de) == ("Exchange Calendar", "Exchange Kalender")
    assert [(p.icon, p.access.de) for p in listing.permissions] == [
        ("calendar", "lesen und schreiben"),
        ("contacts", "lesen und schreiben, sobald Sie es einschalten"),
        ("mail", "nein"),
    ]
    assert andock_exchange_calendar.__version__ == VERSION


def test_the_icon_is_a_small_svg_without_scripts() -> None:
    """It is shown as an image."""
    icon = integration().describe().icon
    root = etree.fromstring(icon.encode())
    assert etree.QName(root).localname == "svg"
    assert "script" not in icon


LEANT_ON = [Path(module.__file__ or "") for module in (patterns, rules, series, wire)]
"""Parts of the SDK that not every plugin uses, and that raise keys of their own."""


def test_every_error_key_in_the_code_has_words() -> None:
    """And no words are left over that no error asks for."""
    used = {
        key
        for path in (*SOURCES.glob("*.py"), *LEANT_ON)
        if "messages" not in path.name
        for key in KEY.findall(path.read_text())
    }
    sdk = {
        one.default_key
        for one in vars(errors).values()
        if isinstance(one, type) and issubclass(one, errors.AndockError)
    }
    bare = {"unexpected", "member", "admin"}
    elsewhere = {"sign_in.declined", "approval.needed", "access.more"}  # at another site's sign-in
    assert used - set(MESSAGES) == set()
    assert sdk - set(MESSAGES) - bare - elsewhere == set()
    assert set(MESSAGES) - used - sdk - set(NETWORK) == set()


def test_all_words_are_there_in_both_languages() -> None:
    """Every text of the listing has its German."""
    missing = [text for text in _texts(integration().describe().model_dump()) if not text.de]
    assert missing == []


def _texts(value: object) -> list[Text]:
    if isinstance(value, dict):
        if set(value) == {"en", "de"}:
            return [Text(**value)]
        return [text for inner in value.values() for text in _texts(inner)]
    if isinstance(value, list | tuple):
        return [text for inner in value for text in _texts(inner)]
    return []


@pytest.mark.parametrize(
    ("typed", "url"),
    [
        ("mail.firma.de", "https://mail.firma.de/EWS/Exchange.asmx"),
        (" Mail.Firma.DE ", "https://mail.firma.de/EWS/Exchange.asmx"),
        ("mail.firma.de:8443", "https://mail.firma.de:8443/EWS/Exchange.asmx"),
        ("127.0.0.1:8443", "https://127.0.0.1:8443/EWS/Exchange.asmx"),
        ("[::1]:8443", "https://[::1]:8443/EWS/Exchange.asmx"),
        ("https://mail.firma.de/owa/?bO=1#path", "https://mail.firma.de/EWS/Exchange.asmx"),
        ("http://mail.firma.de/owa", "https://mail.firma.de/EWS/Exchange.asmx"),
        ("https://mail.firma.de/ews/exchange.asmx", "https://mail.firma.de/ews/exchange.asmx"),
        ("outlook.office365.com", "https://outlook.office365.com/EWS/Exchange.asmx"),
        ("müller.de", "https://xn--mller-kva.de/EWS/Exchange.asmx"),
        ("", ""),
    ],
)
def test_the_server_may_be_typed_in_many_ways(context: Surroundings, typed: str, url: str) -> None:
    """Host, port, or an address copied from the browser."""
    answers: Answers = {"username": EMAIL, "password": PASSWORD, "server": typed}
    grant = integration().authorize(context, answers)
    assert isinstance(grant, Grant)
    assert grant.facts == {"server": url}
    assert grant.secrets == {"username": EMAIL, "password": PASSWORD}


@pytest.mark.parametrize(
    ("answers", "wrong"),
    [
        ({}, {"username": "username.missing", "password": "password.missing"}),
        ({"username": "anna", "password": "x"}, {"username": "username.form"}),
        ({"username": "a@b", "password": "x"}, {"username": "username.form"}),
        ({"username": "F\\anna", "password": "x"}, {"server": "search.needs_address"}),
        ({"username": EMAIL, "password": "x", "server": "a b"}, {"server": "server.form"}),
        ({"username": EMAIL, "password": "x", "server": "u:p@h.de"}, {"server": "server.form"}),
        ({"username": EMAIL, "password": "x", "server": "ftp://h.de"}, {"server": "server.form"}),
        ({"username": EMAIL, "password": "x", "server": "h:99999"}, {"server": "server.form"}),
        ({"username": EMAIL, "password": "x", "server": "a/../b"}, {}),
    ],
)
def test_answers_that_cannot_be_used_are_named_by_field(
    context: Surroundings, answers: Answers, wrong: dict[str, str]
) -> None:
    """Each with a key that has words."""
    result = integration().authorize(context, answers)
    assert (result.errors if isinstance(result, FieldErrors) else {}) == wrong
    assert set(wrong.values()) <= set(MESSAGES)


def test_the_settings_offer_the_calendars(
    context: Surroundings, server: SandboxServer, anna: Mailbox
) -> None:
    """Read live; the own calendar is proposed as the one. The jobs follow from the answers."""
    team = anna.add_calendar("Team")
    grant = grant_for(server.ews_url, version="Exchange2013_SP1", sign_in="NTLM")
    fields = {f.name: f for f in integration().settings_form(context, grant, {}).fields}
    assert fields["calendar"].value == anna.calendar
    assert [choice.value for choice in fields["imports"].choices] == [anna.calendar, team]
    assert fields["contacts"].value == anna.address_book.default
    assert fields["contacts_on"].value is False
    jobs = integration().sync_jobs(context, {"calendar": anna.calendar, "imports": [team]})
    assert [(job.collection, job.role) for job in jobs] == [
        (anna.calendar, "one"),
        (team, "import"),
    ]
    switched: Answers = {"contacts_on": True, "contacts": anna.address_book.default}
    *_, contacts = integration().sync_jobs(context, switched)
    assert (contacts.kind, contacts.role) == ("contacts", "one")
    connector = jobs[0].connector(context, grant)
    assert connector.changes(jobs[0].collection, None).complete
    connector.close()


def test_a_grant_without_a_tests_facts_works_too(
    context: Surroundings, server: SandboxServer
) -> None:
    """Version and sign-in are found out on the way."""
    (_, first, *_) = integration().settings_form(context, grant_for(server.ews_url), {}).fields
    assert first.choices


def test_the_hooks_fit_their_specification() -> None:
    """Registered as core does it, every hook is known and none is misspelled. All are there but
    those of plugins that redirect, ask their operator, have jobs of their own, or are called."""
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs.IntegrationSpec)
    manager.register(integration())
    manager.check_pending()
    assert manager.hook.describe().slug == "exchange-calendar"
    implemented = {name for name in vars(hookspecs.IntegrationSpec) if not name.startswith("_")}
    lacking = {name for name in implemented if not getattr(manager.hook, name).get_hookimpls()}
    assert lacking == {"authorized", "check_operator", "jobs", "webhook"}


def test_the_entry_point_is_registered() -> None:
    """As a third party's would be."""
    (point,) = entry_points(group="andock.plugins", name="exchange_calendar")
    assert point.load() is integration
