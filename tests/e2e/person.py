"""What a person does in the browser, in the words that stand on the screen."""

import json
import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.sync_api import Error, Locator, Page, expect

from tests.e2e.words import Words

WAIT = 40_000  # ms: two cores also run the servers


class Person:
    """Someone with a browser. `trouble` collects what the browser complains about."""

    def __init__(self, page: Page, demo: dict[str, Any], email: str, words: Words) -> None:
        self.page, self.words, self.email = page, words, email
        self.web_url: str = demo["web_url"]
        self.server: str = demo["exchange"]["server"]
        self.user = next(user for user in demo["users"] if user["email"] == email)
        boxes = demo["exchange"]["mailboxes"]
        self.mailbox = next((box for box in boxes if box["email"] == email), None)
        self.trouble: list[str] = []
        page.set_default_timeout(WAIT)
        expect.set_options(timeout=WAIT)
        page.on("pageerror", lambda error: self.trouble.append(str(error)))
        page.on(
            "console",
            lambda line: self.trouble.append(line.text) if line.type == "error" else None,
        )

    def button(self, name: str) -> Locator:
        """The button or link of exactly that name, in the main part of the page."""
        main = self.page.get_by_role("main")
        exactly = re.compile(rf"^\s*{re.escape(name)}\s*$")
        return main.get_by_role("button", name=exactly).or_(main.get_by_role("link", name=exactly))

    def sign_in(self) -> None:
        """Sign in, in the person's language from then on."""
        page = self.page
        page.goto(self.web_url)
        page.locator("input[name=email]").fill(self.user["email"])
        page.locator("input[name=password]").fill(self.user["password"])
        page.locator("input[name=password]").press("Enter")
        page.wait_for_url("**/calendar/**")
        self.speak()

    def speak(self) -> None:
        """Choose the person's language in the top bar, unless it is on already."""
        wanted = self.words.locale[:2]
        if self.page.locator("html").get_attribute("lang") == wanted:
            return
        name = {"de": "Deutsch", "en": "English"}[wanted]
        banner = self.page.get_by_role("banner")
        banner.get_by_role("button", name=re.compile("Deutsch|English")).first.click()
        banner.get_by_role("button", name=name, exact=True).first.click()
        expect(self.page.locator("html")).to_have_attribute("lang", wanted)

    def open_menu(self) -> None:
        """Click the profile picture at the top right."""
        self.page.get_by_role("banner").get_by_role(
            "button", name=re.compile(self.user["name"])
        ).click()

    def browse(self) -> None:
        """From the profile picture to Integrations, Browse."""
        self.open_menu()
        self.page.get_by_role("banner").get_by_role("link", name=self.words.integrations).click()
        self.page.get_by_role("main").get_by_role("link", name=self.words.browse).first.click()

    def add_integration(self, typed: str) -> None:
        """Search for it as typed, open its page, add it, and go on to authorize it."""
        self.browse()
        self.page.get_by_role("searchbox").fill(typed)
        card = self.page.get_by_role("main").get_by_role("link", name=self.words.product)
        card.first.click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text(self.words.product)
        self.button(self.words.add).click()
        self.button(self.words.authorize).click()

    def fill_access(self, user_name: str, password: str, server: str = "") -> None:
        """Fill in the access form, as far as the page asks."""
        self.page.get_by_label(self.words.user_name, exact=True).fill(user_name)
        self.page.wait_for_load_state()  # without its scripts, Search would forget the password
        self.page.locator("main input[type=password]").fill(password)
        if server:
            self.page.get_by_label("Server").fill(server)

    def search_server(self) -> None:
        """Press Search and wait until the field holds the server."""
        self.button(self.words.search).click()
        expect(self.page.get_by_role("main")).to_contain_text(self.words.found)
        expect(self.page.get_by_label("Server")).to_have_value(self.server)

    def test_access(self, says: str = "") -> None:
        """Press Test and wait for the outcome, by default that the connection works."""
        self.button(self.words.test).click()
        expect(self.page.get_by_role("main")).to_contain_text(says or self.words.works)

    def choose(self, one: str, imports: tuple[str, ...] = ()) -> None:
        """Choose calendars, save, agree to the preview; the first run begins."""
        page = self.page
        page.get_by_role("radio", name=re.compile(rf"^{one}\b")).check()
        for name in imports:
            page.get_by_role("checkbox", name=re.compile(rf"^{name}\b")).check()
        self.button(self.words.save).click()
        page.wait_for_url("**/preview")
        self.agree()

    def agree(self) -> None:
        """Wait for the preview, which mails nobody, and agree to it."""
        expect(self.page.get_by_role("main")).to_contain_text(self.words.no_mails)
        self.button(self.words.agree).click()
        self.page.wait_for_url("**/first-run")

    def connect(self, one: str, imports: tuple[str, ...] = ()) -> None:
        """All steps, from the marketplace to a finished first run."""
        assert self.mailbox is not None
        self.add_integration(self.words.product)
        self.fill_access(self.mailbox["email"], self.mailbox["password"])
        self.search_server()
        self.test_access()
        self.button(self.words.go_on).click()
        self.choose(one, imports)

    def around_today(self, people: str = "") -> list[dict[str, Any]]:
        """What the calendar is told of the weeks around today: one's own, and of `people`."""
        day, weeks = datetime.now(UTC).date(), timedelta(weeks=5)
        answer = self.page.request.get(
            f"{self.web_url}/calendar/spans?from={day - weeks}&to={day + weeks}&people={people}"
        )
        assert answer.ok, answer.text()
        return list(answer.json()["spans"])

    def go_to_calendar(self) -> None:
        """Open the calendar's page."""
        self.page.goto(f"{self.web_url}/calendar/")
        expect(self.page.locator("[data-sync]")).to_be_visible()

    def show_month(self) -> None:
        """The calendar's month. Its buttons work once the script has drawn the grid."""
        expect(self.page.locator(".ec").first).to_be_visible()
        month = self.page.locator("[data-view=dayGridMonth]")
        month.click()
        expect(month).to_have_attribute("aria-pressed", "true")

    def sync_now(self) -> None:
        """Click the sync icon and wait until the page says by itself that the run ended."""
        page = self.page
        if "/calendar/" not in page.url:
            self.go_to_calendar()
        expect(page.locator("[data-sync]:not(.sync-running)")).to_be_visible()
        before = self._runs_seen()
        page.locator("[data-sync]").click()
        page.wait_for_function(
            "([url, before]) => fetch(url).then(r => r.json())"
            ".then(a => !a.running && JSON.stringify(a.stamps) !== before)",
            arg=[f"{self.web_url}/calendar/sync", before],
        )
        expect(page.locator("[data-sync]:not(.sync-running)")).to_be_visible()

    def _runs_seen(self) -> str:
        answer = self.page.request.get(f"{self.web_url}/calendar/sync")
        return json.dumps(answer.json()["stamps"], separators=(",", ":"))

    def entry(self, title: str) -> Locator:
        """The entry of exactly that title on the calendar."""
        heading = self.page.locator(".cal-face-title", has_text=re.compile(rf"^{title}$"))
        return self.page.locator(".ec-event").filter(has=heading)

    def create(self, title: str, start: datetime, end: datetime, place: str) -> None:
        """A new appointment by the button and its dialog."""
        self.page.locator("[data-new]").click()
        dialog = self.page.locator("#cal-editor")
        dialog.locator("[name=title]").fill(title)
        for name, moment in (("start", start), ("end", end)):
            dialog.locator(f"[name={name}_day]").fill(f"{moment:%Y-%m-%d}")
            dialog.locator(f"[name={name}_time]").fill(f"{moment:%H:%M}")
        dialog.locator("[name=place]").fill(place)
        dialog.locator("[data-save]").click()
        expect(dialog).not_to_be_visible()
        expect(self.entry(title)).to_be_visible()

    def act(self, title: str, icon_name: str) -> None:
        """Right click on the entry and choose what has that word."""
        expect(self.entry(title)).to_be_visible()
        with suppress(Error):  # drawn anew in that moment; the click looks for it again
            self.entry(title).scroll_into_view_if_needed()
        self.page.wait_for_timeout(200)  # a scroll that is still under way closes the menu
        self.entry(title).click(button="right")
        self.page.locator("#cal-menu").get_by_role("menuitem", name=icon_name).click()

    def rename(self, title: str, new: str) -> None:
        """Give an appointment another title."""
        self.act(title, "Bearbeiten")
        dialog = self.page.locator("#cal-editor")
        expect(dialog.locator("[name=title]")).to_have_value(title)
        dialog.locator("[name=title]").fill(new)
        dialog.locator("[data-save]").click()
        expect(self.entry(new)).to_be_visible()

    def delete(self, title: str) -> None:
        """Delete an appointment, confirming it."""
        self.act(title, "Löschen")
        self.page.locator("#cal-delete [data-confirm]").click()
        expect(self.entry(title)).to_have_count(0)

    def convert(self, title: str) -> None:
        """Turn a block into an appointment, after a look at what colleagues will see."""
        self.act(title, "umwandeln")
        dialog = self.page.locator("#cal-convert")
        expect(dialog.locator("[data-title]")).to_have_text(title)
        dialog.locator("[data-confirm]").click()
        expect(dialog).not_to_be_visible()
