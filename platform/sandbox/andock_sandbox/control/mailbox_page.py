"""A mailbox's page: what Outlook would show, and what a person may change there by hand."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from urllib.parse import quote

from lxml.builder import E

from .. import times
from ..mailbox import Mailbox
from ..model import Json
from ..sandbox import Sandbox
from . import pages
from .actions import zone_of
from .pages import Node
from .words import Words, day_name

_WEEK = timedelta(days=7)


class MailboxPage:
    """One mailbox as it looks to one reader."""

    def __init__(
        self, box: Sandbox, mailbox: Mailbox, words: Words, language: str, secret: str
    ) -> None:
        self._box = box
        self._mailbox = mailbox
        self._words = words
        self._language = language
        self._secret = secret
        self._zone = zone_of(mailbox)
        self._address = f"/mailbox/{quote(mailbox.email)}"

    def render(self, day: date, *told: Node) -> bytes:
        """The page with the week around a day."""
        words, monday = self._words, day - timedelta(days=day.weekday())
        return pages.page(
            words,
            self._language,
            self._mailbox.name,
            pages.soft(self._mailbox.email),
            E.p(E.a(words("back"), href="/")),
            *told,
            pages.section(words("week", day=self._day(monday)), *self._week(monday)),
            pages.section(words("contacts"), *self._contacts()),
            pages.section(words("outbox"), self._outbox()),
        )

    def _day(self, day: date) -> str:
        return day.strftime("%d.%m.%Y") if self._language == "de" else day.strftime("%d %b %Y")

    def _form(self, action: str, hidden: dict[str, str], *content: Node) -> Node:
        return pages.form(
            action, self._secret, {"mailbox": self._mailbox.email, **hidden}, *content
        )

    # -- entries -----------------------------------------------------------------------------

    def _week(self, monday: date) -> list[Node]:
        words = self._words
        start = datetime.combine(monday, datetime.min.time(), tzinfo=self._zone)
        end = datetime.combine(monday + _WEEK, datetime.min.time(), tzinfo=self._zone)
        entries = self._mailbox.between(start, end)
        made: list[Node] = [
            pages.row(
                E.a(words("earlier"), href=f"{self._address}?day={monday - _WEEK}"),
                E.a(words("today"), href=self._address),
                E.a(words("later"), href=f"{self._address}?day={monday + _WEEK}"),
            )
        ]
        days: dict[date, list[Json]] = {}
        for entry in entries:
            first = max(self._wall(entry["start"]).date(), monday)
            days.setdefault(first, []).append(entry)
        for day, held in sorted(days.items()):
            made.append(E.h3(f"{day_name(self._language, day.weekday())}, {self._day(day)}"))
            made.append(E.ul(*(self._entry(entry, monday) for entry in held)))
        if not entries:
            made.append(pages.soft(words("free-week")))
        morning = f"{max(monday, datetime.now(self._zone).date())}T09:00"
        fresh = {"subject": "", "start": morning, "end": morning.replace("09:00", "10:00")}
        made.append(
            E.details(
                E.summary(words("new-entry")),
                self._form(
                    "add-entry",
                    {"day": str(monday)},
                    self._fields(fresh, calendars=True),
                    pages.check("all_day", words("all-day"), on=False),
                    pages.buttons(pages.button(words("add"), "first")),
                ),
            )
        )
        return made

    def _wall(self, text: str) -> datetime:
        return times.local(text, self._zone)

    def _entry(self, entry: Json, monday: date) -> Node:
        words, props = self._words, entry["props"]
        start, end = self._wall(entry["start"]), self._wall(entry["end"])
        whole = props.get("IsAllDayEvent")
        when = words("all-day") if whole else f"{start:%H:%M} – {end:%H:%M}"
        title = entry["subject"] or "–"
        line: list[Node | str] = [
            E.span(when, {"class": "time"}),
            E.span(title, {"class": "grow"}),
        ]
        if props.get("Location"):
            line.append(E.span(props["Location"], {"class": "soft"}))
        if props.get("Sensitivity") in ("Private", "Confidential"):
            line.append(pages.mark(words("private")))
        hidden = {"id": entry["id"], "day": str(monday)}
        remove = [self._form("delete-entry", hidden, pages.button(words("delete"), "stop"))]
        if entry["type"] in ("Occurrence", "Exception"):
            line.append(pages.mark(words("series")))
            whole_series = {"id": entry["series_id"], "day": str(monday)}
            remove.append(
                self._form(
                    "delete-entry", whole_series, pages.button(words("delete-series"), "stop")
                )
            )
        values = {
            "subject": entry["subject"],
            "start": f"{start:%Y-%m-%dT%H:%M}",
            "end": f"{end:%Y-%m-%dT%H:%M}",
            "location": props.get("Location") or "",
            "private": "1" if props.get("Sensitivity") == "Private" else "",
        }
        change = self._form(
            "change-entry",
            hidden,
            self._fields(values),
            pages.buttons(pages.button(words("save"), "first")),
        )
        return E.li(
            pages.row(*line),
            E.details(E.summary(f"{words('change')}: {title}"), change, pages.buttons(*remove)),
        )

    def _fields(self, values: dict[str, str], *, calendars: bool = False) -> Node:
        words = self._words
        made = [
            pages.field("subject", words("subject"), values["subject"]),
            pages.field("start", words("start"), values["start"], "datetime-local"),
            pages.field("end", words("end"), values["end"], "datetime-local"),
            pages.field("location", words("location"), values.get("location", "")),
        ]
        if calendars:
            folders = self._mailbox.calendars
            made.append(
                pages.choice("calendar", words("calendar"), folders, self._mailbox.calendar)
            )
        made.append(pages.check("private", words("private"), on=bool(values.get("private"))))
        return pages.fields(*made)

    # -- contacts and mails ------------------------------------------------------------------

    def _contacts(self) -> list[Node]:
        words = self._words
        held = sorted(
            self._mailbox.address_book.all(),
            key=lambda one: str(one["props"].get("FileAs", "")).casefold(),
        )
        fresh = self._form(
            "add-contact",
            {},
            self._person({}),
            pages.buttons(pages.button(words("add"), "first")),
        )
        return [
            pages.listing([self._contact(one) for one in held], words("no-contacts")),
            E.details(E.summary(words("new-contact")), fresh),
        ]

    def _contact(self, one: Json) -> Node:
        words, props = self._words, one["props"]
        name = props.get("DisplayName") or props.get("FileAs") or "–"
        email = ((props.get("EmailAddresses") or {}).get("EmailAddress1") or {}).get("Address", "")
        values = {
            "given": props.get("GivenName") or "",
            "surname": props.get("Surname") or "",
            "company": props.get("CompanyName") or "",
            "email": email,
            "mobile": (props.get("PhoneNumbers") or {}).get("MobilePhone") or "",
        }
        hidden = {"id": one["id"]}
        change = self._form(
            "change-contact",
            hidden,
            self._person(values),
            pages.buttons(pages.button(words("save"), "first")),
        )
        remove = self._form("delete-contact", hidden, pages.button(words("delete"), "stop"))
        return E.li(
            pages.row(
                E.span(name, {"class": "grow"}),
                E.span(" · ".join(filter(None, (values["company"], email))), {"class": "soft"}),
            ),
            E.details(E.summary(f"{words('change')}: {name}"), change, pages.buttons(remove)),
        )

    def _person(self, values: dict[str, str]) -> Node:
        names = ("given", "surname", "company", "email", "mobile")
        return pages.fields(
            *(pages.field(name, self._words(name), values.get(name, "")) for name in names)
        )

    def _outbox(self) -> Node:
        words = self._words
        lines = []
        for mail in reversed(self._box.outbox):
            if self._mailbox.email not in (mail.sender, *mail.to):
                continue
            sent = self._wall(mail.sent)
            lines.append(
                E.li(
                    pages.row(
                        E.span(f"{self._day(sent.date())} {sent:%H:%M}", {"class": "time"}),
                        pages.mark(words(mail.kind)),
                        E.span(mail.subject or "–", {"class": "grow"}),
                        E.span(words("to", people=", ".join(mail.to)), {"class": "soft"}),
                    )
                )
            )
        return pages.listing(lines, words("no-mail"))
