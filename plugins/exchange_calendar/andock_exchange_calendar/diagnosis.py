"""The doctor's steps: from the server's name to the rights in the mailbox, and a probe entry."""

from dataclasses import replace
from time import monotonic

from andock_exchange_calendar import config, discovery, folders, operations, probe
from andock_exchange_calendar.address import (
    ews_url,
    host_of,
    is_online,
    parse_user,
    port_of,
    server_of,
)
from andock_exchange_calendar.checks import account, to_confirm
from andock_exchange_calendar.client import INTERACTIVE, Access, Client, product
from andock_exchange_calendar.signin import choose
from andock_sdk import (
    Collection,
    Context,
    Diagnosis,
    Grant,
    Report,
    Text,
    errors,
)
from andock_sdk.diagnosis import NETWORK_TITLES, Examination, Finding, check_name, check_way

TITLES = {
    "dns": NETWORK_TITLES["dns"],
    "search": Text(en="What the domain says", de="Was die Domain sagt"),
    "tcp": NETWORK_TITLES["tcp"],
    "tls": NETWORK_TITLES["tls"],
    "offer": Text(en="Ways to sign in", de="Angebotene Anmeldung"),
    "sign_in": Text(en="Sign-in", de="Anmeldung"),
    "mailbox": Text(en="Mailbox", de="Postfach"),
    "calendars": Text(en="Rights to calendars", de="Rechte an Kalendern"),
    "contacts": Text(en="Rights to contacts", de="Rechte an Kontakten"),
    "throttling": Text(en="Limits of the server", de="Grenzen des Servers"),
}
PROBE = {"probe": Text(en="Write and delete", de="Schreiben und löschen")}
NO_PASSWORD = Text(
    en="Not tried, because no password was given.",
    de="Nicht versucht, weil kein Passwort angegeben wurde.",
)
_SIGNED_IN = ("sign_in", "mailbox", "calendars", "contacts", "throttling")
_CALLS = 3


def run(context: Context, grant: Grant, report: Report, *, write_probe: bool) -> Diagnosis:
    """Examine, as far as it goes."""
    titles = {**TITLES, **PROBE} if write_probe else TITLES
    access = replace(Access.of(grant), version="", sign_in="")
    return _Doctor(context, access, Examination(report, titles, config.MESSAGES), write_probe).run()


class _Doctor:
    def __init__(
        self, context: Context, access: Access, examination: Examination, write_probe: bool
    ) -> None:
        self._context = context
        self._access = access
        self._exam = examination
        self._probe = ("probe",) if write_probe else ()
        self._confirm = ""

    def run(self) -> Diagnosis:
        if self._network():
            client = Client(self._context, self._access, INTERACTIVE)
            try:
                self._mailbox(client)
            finally:
                client.close()
        return self._exam.result(self._confirm)

    def _network(self) -> bool:
        """Name, search, way and certificate; whether the server may be talked to."""
        user = parse_user(self._access.username)
        after = ("tcp", "tls", "offer", *_SIGNED_IN, *self._probe)
        typed = bool(self._access.url)
        named = typed and self._named()
        self._search(user.domain if user else "")
        if not self._access.url:
            self._exam.skip("dns", *after)
            return False
        if not (named or (not typed and self._named())):
            self._exam.skip(*after)
            return False
        host, port = host_of(self._access.url), port_of(self._access.url)
        if not check_way(self._exam, self._context, host, port):
            self._exam.skip("offer", *_SIGNED_IN, *self._probe)
            return False
        return True

    def _named(self) -> bool:
        url = self._access.url
        return check_name(self._exam, self._context, host_of(url), port_of(url))

    def _search(self, domain: str) -> None:
        """What the search finds, beside the server in use; it takes its place when there is none
        and the host is the domain's own."""
        tried = Text(
            en=f"Looked for the server of {domain or 'this user name'}, without a password.",
            de=f"Den Server von {domain or 'diesem Benutzernamen'} gesucht, ohne Passwort.",
        )
        with self._exam.step("search", tried) as found:
            told = discovery.run(self._context, self._access.username, lambda step: None)
            used = server_of(self._access.url) if self._access.url else ""
            if told.server:
                found.detail = Text(en=told.server)
            if not used:
                self._take(told.server, told.confirm, told.error)
            elif told.error in ("mailbox.online", "egress.refused"):
                raise errors.MemberError(told.error)
            elif not told.server:
                found.means = Text(
                    en=f"The domain names no server. {used} is used, as it was entered.",
                    de=f"Die Domain nennt keinen Server. Genutzt wird {used}, wie eingetragen.",
                )
            elif told.server != used:
                found.means = Text(
                    en=f"The domain leads to {told.server}; {used} is used, as it was entered.",
                    de=f"Die Domain führt zu {told.server}; genutzt wird {used}, wie eingetragen.",
                )

    def _take(self, server: str, confirm: str, error: str) -> None:
        if error:
            raise errors.MemberError(error)
        if confirm:
            self._confirm = confirm
            raise errors.MemberError("search.other_domain")
        self._access = replace(self._access, url=ews_url(server) or "")

    def _mailbox(self, client: Client) -> None:
        if not self._offered(client):
            self._exam.skip(*_SIGNED_IN, *self._probe)
            return
        if not self._access.password:
            self._exam.skip(*_SIGNED_IN, *self._probe, means=NO_PASSWORD)
            return
        if not self._signed_in(client):
            self._exam.skip(*_SIGNED_IN[1:], *self._probe)
            return
        self._whose(client)
        calendar = self._rights(client)
        self._limits(client)
        if self._probe:
            if calendar:
                self._write(client, calendar)
            else:
                self._exam.skip("probe")

    def _offered(self, client: Client) -> bool:
        asked = Text(
            en="Asked for the calendar without signing in.",
            de="Ohne Anmeldung nach dem Kalender gefragt.",
        )
        with self._exam.step("offer", asked) as found:
            if is_online(self._access.url):
                raise errors.MemberError("mailbox.online")
            try:
                methods = client.offer()
            except errors.AndockError as failure:
                self._confirm = to_confirm(failure)
                if self._confirm:
                    found.detail = Text(en=self._confirm)
                raise
            names = ", ".join(method[:20] for method in methods[:6])
            found.detail = Text(en=names) if names else None
            used = choose(methods)
            client.access = replace(client.access, sign_in=used)
            found.means = Text(
                en=f"Andock signs in by {used}.", de=f"Andock meldet sich mit {used} an."
            )
        return found.ok

    def _signed_in(self, client: Client) -> bool:
        once = Text(
            en=f"Signed in by {client.access.sign_in}, once.",
            de=f"Mit {client.access.sign_in} angemeldet, ein einziges Mal.",
        )
        with self._exam.step("sign_in", once) as found:
            (first,) = client.negotiate()
            if not first.ok and first.code != "ErrorItemNotFound":
                raise client.error_of(first)
            self._first = first
        return found.ok

    def _whose(self, client: Client) -> None:
        asked = Text(
            en="Asked what the server is and whose mailbox this is.",
            de="Gefragt, was für ein Server das ist und wessen Postfach.",
        )
        with self._exam.step("mailbox", asked) as found:
            found.detail = Text(en=product(client.build))
            if not self._first.ok:
                raise errors.AdminError("mailbox.none", self._first.code)
            folders.require_read(self._first.message)
            whose = account(client, client.access.username)
            found.detail = Text(en=f"{product(client.build)}, {whose.label}")

    def _rights(self, client: Client) -> str:
        """The own calendar's id, when it can be written."""
        listed: list[Collection] = []
        asked = Text(
            en="Listed the calendars, without looking into them.",
            de="Die Kalender aufgelistet, ohne hineinzusehen.",
        )
        with self._exam.step("calendars", asked) as found:
            listed = folders.collections(client)
            _count(found, [one for one in listed if one.kind == "calendar"])
        listed_contacts = Text(
            en="Listed the folders of contacts, without looking into them.",
            de="Die Kontaktordner aufgelistet, ohne hineinzusehen.",
        )
        if found.ok:
            with self._exam.step("contacts", listed_contacts) as books:
                _count(books, [one for one in listed if one.kind == "contacts"])
        else:
            self._exam.skip("contacts")
        own = (one.ref for one in listed if one.kind == "calendar" and one.default and one.writable)
        return next(own, "")

    def _limits(self, client: Client) -> None:
        asked = Text(
            en=f"Made {_CALLS} small requests in a row.",
            de=f"{_CALLS} kleine Anfragen hintereinander gestellt.",
        )
        with self._exam.step("throttling", asked) as found:
            took = []
            for _ in range(_CALLS):
                began = monotonic()
                client.one(operations.get_folders(("calendar",)))
                took.append(round((monotonic() - began) * 1000))
            words = ", ".join(f"{each} ms" for each in took)
            found.detail = Text(en=words)
            most = 10 if client.is_old else 27
            found.means = Text(
                en="The server asked for no pause. It does not tell its throttling policy; this "
                f"version allows {most} requests at once unless it was changed, and Andock makes "
                "one at a time.",
                de="Der Server hat um keine Pause gebeten. Seine Drosselungsrichtlinie verrät er "
                f"nicht; diese Version erlaubt {most} gleichzeitige Anfragen, wenn nichts geändert "
                "wurde, und Andock stellt immer nur eine.",
            )

    def _write(self, client: Client, calendar: str) -> None:
        tried = Text(
            en=f"Wrote the entry “{probe.NAME}” without attendees and deleted it again.",
            de=f"Den Eintrag „{probe.NAME}“ ohne Teilnehmende geschrieben und wieder gelöscht.",
        )
        with self._exam.step("probe", tried) as found:
            ref = probe.create(self._context, client, calendar)
            try:
                probe.destroy(client, ref)
            except errors.AndockError:
                found.advice = Text(
                    en=f"Please delete the entry “{probe.NAME}” in your calendar yourself.",
                    de=f"Bitte löschen Sie den Eintrag „{probe.NAME}“ in Ihrem Kalender selbst.",
                )
                raise
            found.means = Text(
                en="Andock can write to the calendar; nothing is left of the entry.",
                de="Andock kann in den Kalender schreiben; von dem Eintrag ist nichts übrig.",
            )


def _count(found: Finding, collections: list[Collection]) -> None:
    writable = sum(one.writable for one in collections)
    found.detail = Text(
        en=f"{len(collections)} found, {writable} of them may be written.",
        de=f"{len(collections)} gefunden, davon {writable} beschreibbar.",
    )
    if collections and not collections[0].writable:
        found.means = Text(
            en="The mailbox's own folder can be read but not changed.",
            de="Der eigene Ordner des Postfachs lässt sich lesen, aber nicht ändern.",
        )
