"""What a person does who moves a connection, and what there is to count on every side."""

import os
import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
from playwright.sync_api import Page, expect

from tests.e2e.cloud import Demo
from tests.e2e.microsoft import DE, EN, MicrosoftPerson, SignInWords


@dataclass(frozen=True)
class MoveWords:
    """What stands on the pages of a move, beside the words of signing in."""

    said: SignInWords
    old: str
    new: str
    move: str
    step: str
    show: str
    access: str
    both: str
    different: str
    only_old: str
    only_new: str
    recognised: str
    switch: str
    switched: str
    the_move: str
    take_back: str
    taken_back: str
    go_on: str
    end: str
    ended: str
    other_mailbox: str
    most_missing: str
    right_mailbox: str


GERMAN = MoveWords(
    said=DE,
    old="Exchange Kalender",
    new="Office365 Kalender",
    move="Mit dieser Verbindung umziehen",
    step="Schritt 2 von 5",
    show="Vorschau zeigen",
    access="Zugang",
    both="Auf beiden Seiten",
    different="Davon verschieden",
    only_old="Nur auf der alten Seite",
    only_new="Nur auf der neuen Seite",
    recognised="werden wiedererkannt.",
    switch="Umschalten",
    switched="Umgeschaltet.",
    the_move="Der Umzug",
    take_back="Umzug zurücknehmen",
    taken_back="Der Umzug ist zurückgenommen.",
    go_on="Umzug fortsetzen",
    end="Alte Seite trennen",
    ended="Die alte Seite ist getrennt.",
    other_mailbox="Sie haben sich als ben@musterfirma.test angemeldet.",
    most_missing="Das meiste von dem, was Andock kennt, ist dort nicht.",
    right_mailbox="Es ist das richtige Postfach.",
)

ENGLISH = MoveWords(
    said=EN,
    old="Exchange Calendar",
    new="Office365 Calendar",
    move="Move this connection",
    step="Step 2 of 5",
    show="Show the preview",
    access="Access",
    both="On both sides",
    different="Of these different",
    only_old="Only on the old side",
    only_new="Only on the new side",
    recognised="are recognised.",
    switch="Switch over",
    switched="Switched over.",
    the_move="The move",
    take_back="Take the move back",
    taken_back="The move is taken back.",
    go_on="Go on with the move",
    end="Disconnect the old side",
    ended="The old side is disconnected.",
    other_mailbox="You signed in as ben@musterfirma.test.",
    most_missing="Most of what Andock knows is not there.",
    right_mailbox="It is the right mailbox.",
)


class Mover(MicrosoftPerson):
    """Someone whose mailbox Exchange and Microsoft 365 both know."""

    move_words: MoveWords
    number: str = ""
    """The id of the connection that is moved or, after the switch, of the one that took over."""

    def open(self, page: str = "") -> None:
        """A page of the connection."""
        self.page.goto(f"{self.web_url}/connections/{self.number}{page}")

    def begin_move(self) -> None:
        """From the connection's page to the first step on the new side, whose address is known."""
        self.open()
        self.button(self.move_words.move).click()
        self.looked_at()
        self.main.get_by_role("radio", name=self.move_words.new).check()
        self.button(self.words.go_on).click()
        self.reads(self.move_words.step)
        expect(self.page.get_by_label(self.said.address)).to_have_value(self.email)
        self.looked_at()

    def allow(self, email: str, password: str) -> None:
        """At the stand-in: sign in, and agree where it asks."""
        self.give_password(email, password)
        accept = self.page.get_by_role("button", name=self.said.accept, exact=True)
        expect(accept.or_(self.main.get_by_role("heading", name=self.words.works))).to_be_visible()
        if accept.count():
            accept.click()
        self.page.wait_for_url("**/test")
        self.reads(self.words.works)

    def preview(self) -> dict[str, int]:
        """Take what is proposed, and wait for what switching over would do: the four numbers."""
        self.button(self.move_words.show).click()
        return self.foreseen()

    def foreseen(self) -> dict[str, int]:
        """The four numbers of the preview, once they are there; nobody is mailed."""
        self.reads(self.move_words.only_new)
        self.reads(self.words.no_mails)
        labels = self.main.locator(".tally dt").all_inner_texts()
        numbers = self.main.locator(".tally dd").all_inner_texts()
        return {label: int(number) for label, number in zip(labels, numbers, strict=True)}

    def switch_over(self) -> None:
        """Agree to the preview; the new connection is at work."""
        self.button(self.move_words.switch).click()
        self.page.wait_for_url(re.compile(r"/connections/\w+$"))
        self.reads(self.move_words.switched)
        self.number = self.page.url.rpartition("/")[2]

    def take_back(self) -> None:
        """By the page of the move; the old connection is there again."""
        self.open("/move")
        self.button(self.move_words.take_back).click()
        self.reads(self.move_words.taken_back)
        self.number = self.page.url.rpartition("/")[2]

    def picture(self, name: str) -> None:
        """The page as the guides show it, where somebody wants new ones (ANDOCK_PICTURES)."""
        if folder := os.environ.get("ANDOCK_PICTURES"):
            self.page.set_viewport_size({"width": 900, "height": 900})
            self.main.screenshot(path=Path(folder) / f"{name}-{self.words.locale[:2]}.png")
            self.page.set_viewport_size({"width": 1280, "height": 900})


@dataclass(frozen=True)
class Counts:
    """How much there is: in Andock, in the mailbox, and in all journals; and mails sent."""

    visible: int
    private: int
    contacts: int
    tasks: int
    calls: int
    events: int
    cards: int
    mails: int


@dataclass(frozen=True)
class Houses:
    """Both sides of one person's connection, looked at from outside."""

    demo: Demo
    home: Path
    email: str

    def counts(self) -> Counts:
        """All of them."""
        content = self.mailbox()
        kinds = dict(self._ask("SELECT visibility, count(*) FROM {} GROUP BY 1", "entry"))
        return Counts(
            visible=kinds.get("appointment", 0),
            private=kinds.get("block", 0),
            contacts=self._ask("SELECT count(*) FROM {}", "contact")[0][0],
            tasks=self._ask("SELECT count(*) FROM {}", "task")[0][0],
            calls=self._ask("SELECT count(*) FROM {}", "call")[0][0],
            events=len(content["events"]),
            cards=len(content["contacts"]),
            mails=len(self.demo.state()["outbox"]),
        )

    def lines(self) -> int:
        """How many changes the journals tell of."""
        return int(
            self._ask(
                "SELECT count(*) FROM journal_line WHERE connection_id IN (SELECT id FROM {})",
                "connection",
            )[0][0]
        )

    def mailbox(self) -> Any:
        """All that lies in the mailbox, with everything that a write would change."""
        about = self.demo.told["sandbox"]
        place = about["control"].partition("?")[0]
        with requests.Session() as session:
            session.trust_env = False
            answer = session.get(
                f"{place}mailbox/{self.email}.json",
                headers={"Authorization": f"Bearer {about['token']}"},
                verify=str(self.demo.ca_file),
            )
        assert answer.ok, answer.text
        return answer.json()

    def _ask(self, query: str, table: str) -> list[Any]:
        """Of the person's own rows alone."""
        mine = f"(SELECT t.* FROM {table} t JOIN member m ON m.id = t.owner_id WHERE m.email = ?)"
        with closing(sqlite3.connect(f"file:{self.home}/andock.db?mode=ro", uri=True)) as db:
            return db.execute(query.format(mine), (self.email,)).fetchall()


def second_tab(someone: Mover) -> Page:
    """Another tab of the same browser, at the same page."""
    tab = someone.page.context.new_page()
    tab.goto(someone.page.url)
    return tab
