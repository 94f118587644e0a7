"""What a person sees in the marketplace when all sorts of plugins are installed."""

import os
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from feed_server import FeedServer
from playwright.sync_api import Browser, expect

from andock_core.host import breaker
from andock_demo.people import BEN
from tests.e2e.person import Person
from tests.e2e.words import ENGLISH, GERMAN
from tests.examples.side_by_side import HOSTILE_PACKAGE, MakeRun

HOSTILE = "hostile-calendar"
EXCHANGE = "exchange-calendar"
WAIT = 60_000  # ms: a busy machine has other things to do
REASONS = {
    "en": (
        "fails when it is loaded: RuntimeError (andock_broken_calendar.py:",
        "made for contract 0 (andock-sdk <1,>=0.8), this Andock speaks",
        "ended without an answer",
        "describe returned dict, not a Listing",
        re.compile(r"did not answer within \d+ seconds"),  # less than 20 where all start late
        "the name exchange-calendar is taken by andock-exchange-calendar",
    ),
    "de": (
        "scheitert beim Laden: RuntimeError (andock_broken_calendar.py:",
        "für Vertrag 0 (andock-sdk <1,>=0.8) geschrieben, dieses Andock spricht",
        "beendete sich ohne eine Antwort",
        "describe gab dict zurück, kein Listing",
        re.compile(r"antwortete nicht innerhalb von \d+ Sekunden"),
        "den Namen exchange-calendar hat schon andock-exchange-calendar",
    ),
}
SYNCS = 4
"""One more than an observer may hang."""
DEEDS = {
    "lie": "plugin.bug",
    "print": "plugin.bug",
    "exit": "plugin.hanging",
    "sleep": "plugin.hanging",
}
"""What the hostile one is told to do when it authorizes → the error key of the attempt."""


class Visit:
    """The first person of the demo, and whoever else is looked after."""

    def __init__(
        self, run: MakeRun, browser: Browser, folder: Path, say: Callable[[str], None]
    ) -> None:
        self.run, self.browser, self.say = run, browser, say
        self.pictures = Path(os.environ.get("ANDOCK_PICTURES") or folder)
        self.before = run.connections(EXCHANGE)
        self.workers = run.workers()
        self.person = self._enter(run.ready["users"][0]["email"], "de")

    def shows_each_for_what_it_is(self) -> None:
        """In both languages, with a picture of it. German last: it is the member's from then on."""
        for language, title in (("en", "Calendar Subscription"), ("de", "Kalenderabo")):
            person = self._enter(self.person.email, language)
            person.page.goto(f"{person.web_url}/marketplace/")
            main = person.page.get_by_role("main")
            expect(main).to_contain_text(title)
            for reason in REASONS[language]:
                expect(main).to_contain_text(reason)
            assert "evil" not in person.page.title()
            name = self.pictures / f"plugins-side-by-side-{language}.png"
            person.page.screenshot(path=name, full_page=True)
            assert person.trouble == []
            person.page.context.close()

    def subscribes(self, feed: FeedServer) -> None:
        """From the marketplace to grey blocks in the calendar."""
        person, page = self.person, self.person.page
        page.goto(f"{person.web_url}/marketplace/icalendar-subscription")
        person.button(GERMAN.add).click()
        person.button(GERMAN.authorize).click()
        page.get_by_label("Adresse des Kalenders").fill(feed.url.replace("https", "webcal"))
        person.test_access()
        person.button(GERMAN.go_on).click()
        person.button(GERMAN.save).click()
        page.wait_for_url("**/preview")
        person.agree()
        expect(page.get_by_role("main")).to_contain_text(GERMAN.to_calendar)
        page.wait_for_function(
            "url => fetch(url).then(r => r.json()).then(a => a.spans.some(s => "
            "JSON.stringify(s).includes('Geheim')))",
            arg=f"{person.web_url}/calendar/spans?from=2026-11-20&to=2026-11-30&people=",
        )
        if datetime.now(UTC).strftime("%G-%V") == "2026-48":
            person.go_to_calendar()
            expect(person.entry("Geheim")).to_be_visible()

    def bears_the_hostile_one(self) -> None:
        """Whatever it does when it is called, the attempt ends with words, and the workers live."""
        person, page = self.person, self.person.page
        page.goto(f"{person.web_url}/marketplace/{HOSTILE}")
        person.button(GERMAN.add).click()
        for deed in DEEDS:
            page.goto(f"{person.web_url}/marketplace/{HOSTILE}")
            person.button(GERMAN.authorize).click()
            page.locator("main input[type=text]").fill(deed)
            person.button(GERMAN.test).click()
            problem = page.locator("#problem")
            expect(problem).to_be_visible()
            expect(problem).to_contain_text(re.compile("Integration"))
        assert self.run.workers() == self.workers

    def touches_nobody_else(self) -> None:
        """Connections to the integration whose name was to be taken are as before, and run."""
        assert self.before
        assert self.run.connections(EXCHANGE) == self.before
        colleague = self._enter(BEN.email, "de")
        seconds = []
        for _ in range(SYNCS):
            begun = time.monotonic()
            colleague.sync_now()
            seconds.append(time.monotonic() - begun)
        self.say("a colleague's runs: " + " ".join(f"{one:.1f} s" for one in seconds))
        assert self.run.connections(EXCHANGE) == self.before
        assert colleague.trouble == []
        colleague.page.context.close()

    def sets_the_observer_aside(self) -> None:
        """The one that hangs whenever a run has ended, anybody's, is called no more."""
        ends = time.monotonic() + WAIT / 1000
        while (HOSTILE_PACKAGE, "talker", breaker.OBSERVERS) not in self.run.set_aside():
            assert time.monotonic() < ends, self.run.log("worker-background")
            time.sleep(0.5)
        assert self.run.workers() == self.workers

    def _enter(self, email: str, language: str) -> Person:
        words = {"de": GERMAN, "en": ENGLISH}[language]
        context = self.browser.new_context(
            locale=words.locale,
            timezone_id="Europe/Berlin",
            viewport={"width": 1280, "height": 900},
        )
        person = Person(context.new_page(), self.run.ready, email, words)
        person.page.set_default_timeout(WAIT)
        expect.set_options(timeout=WAIT)
        person.sign_in()
        return person
