"""What a person does who signs in with Microsoft, in the words that stand on the screen."""

import re
from dataclasses import dataclass, replace

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.e2e.person import Person
from tests.e2e.words import ENGLISH, GERMAN, Words

LATER = re.compile("^Microsoft To Do")


@dataclass(frozen=True)
class SignInWords:
    """What stands on the pages of signing in elsewhere, here and there."""

    words: Words
    server: str
    address: str
    go_on: str
    sign_in: str
    accept: str
    cancel: str
    back: str
    others: str
    approve: str
    contacts: str
    tasks: str
    calls: str
    more: str
    more_needed: str
    declined: str
    nothing_lost: str
    needs_approval: str
    link: str
    again: str
    approved: str
    thanks: str
    other_account: str
    ended: str
    signed_out: str
    used: str
    other_browser: str
    needs_you: str
    mend: str
    mails: str
    send: str
    take_back: str
    decide: str
    people: str


DE = SignInWords(
    words=replace(GERMAN, product="Office365 Kalender"),
    server="outlook.office365.com",
    address="E-Mail-Adresse",
    go_on="Weiter zur Anmeldung",
    sign_in="Anmelden",
    accept="Akzeptieren",
    cancel="Abbrechen",
    back="Zur Anwendung zurückkehren, ohne zuzustimmen",
    others="Anderes Konto verwenden",
    approve="Für die Organisation genehmigen",
    contacts="Kontakte",
    tasks="Aufgaben",
    calls="Anrufe",
    more="Mehr Zugriff erlauben",
    more_needed="Dafür ist eine weitere Zustimmung bei Microsoft nötig.",
    declined="Sie haben bei Microsoft nicht zugestimmt.",
    nothing_lost="Es ist alles, wie es vorher war.",
    needs_approval="Die Microsoft-Administration Ihrer Firma muss Andock erst genehmigen.",
    link="Link für die Administration der Gegenseite",
    again="Noch einmal versuchen",
    approved="Die Genehmigung ist da.",
    thanks="Danke, der Zugriff ist genehmigt.",
    other_account="Das ist ein anderes Konto.",
    ended="Microsoft möchte, dass Sie sich neu anmelden.",
    signed_out="Sie sind nicht bei Andock angemeldet.",
    used="Diese Anmeldung wurde bereits verwendet.",
    other_browser="Diese Anmeldung wurde in einem anderen Browser begonnen",
    needs_you="Office365 Kalender braucht Sie.",
    mend="Beheben",
    mails="1 Änderung würde E-Mails auslösen",
    send="Senden",
    take_back="Zurücknehmen",
    decide="Ansehen und entscheiden",
    people="2 Teilnehmende würden benachrichtigt.",
)

EN = SignInWords(
    words=replace(ENGLISH, product="Office365 Calendar"),
    server="outlook.office365.com",
    address="Mail address",
    go_on="Continue to the sign-in",
    sign_in="Sign in",
    accept="Accept",
    cancel="Cancel",
    back="Return to the application without granting consent",
    others="Use another account",
    approve="Approve for the organization",
    contacts="Contacts",
    tasks="Tasks",
    calls="Calls",
    more="Allow more access",
    more_needed="This needs another consent at Microsoft.",
    declined="You did not agree at Microsoft.",
    nothing_lost="Everything is as it was before.",
    needs_approval="Your company's Microsoft administrator has to approve Andock first.",
    link="Link for the administrator of the other side",
    again="Try again",
    approved="The approval has come.",
    thanks="Thank you, the access is approved.",
    other_account="This is another account.",
    ended="Microsoft wants you to sign in again.",
    signed_out="You are not signed in to Andock.",
    used="This sign-in was used already.",
    other_browser="This sign-in was begun in another browser",
    needs_you="Office365 Calendar needs you.",
    mend="Mend it",
    mails="1 change would send e-mails",
    send="Send",
    take_back="Take back",
    decide="Look and decide",
    people="2 attendees would be told.",
)


def barrier_free(page: Page) -> None:
    """No barrier, and nothing wider than the window."""
    found = Axe().run(page).response["violations"]
    assert [(each["id"], [n["target"] for n in each["nodes"]]) for each in found] == []
    width = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert width[0] <= width[1], page.url


class MicrosoftPerson(Person):
    """Someone with a browser and a mailbox in Microsoft 365. Clara and Emil have none: they borrow
    the account of a colleague's."""

    said: SignInWords

    @property
    def main(self) -> Locator:
        """The main part of the page."""
        return self.page.get_by_role("main")

    def reads(self, text: str) -> None:
        """Wait until the page says that."""
        expect(self.main).to_contain_text(text)

    def begin(self, address: str = "") -> None:
        """From the marketplace to the stand-in's sign-in page, which knows the address already."""
        self.add_integration(self.words.product)
        self.go_to_microsoft(address)

    def go_to_microsoft(self, address: str = "") -> None:
        """Go on from the first step, with Enter where an address is typed, and be led away by the
        page itself."""
        field = self.page.get_by_label(self.said.address)
        expect(self.main).to_contain_text(self.said.server)
        if address:
            field.fill(address)
            field.press("Enter")
        else:
            self.button(self.said.go_on).or_(self.button(self.said.again)).first.click()
        expect(self.page.locator("p.label")).to_be_visible()
        if address and self.page.locator("input[name=username]").count():
            expect(self.page.locator("input[name=username]")).to_have_value(address)

    def give_password(self, email: str, password: str) -> None:
        """Fill in the stand-in's page, as somebody else if need be."""
        self.page.locator("input[name=username]").fill(email)
        self.page.locator("input[name=password]").fill(password)
        self.page.locator("input[name=password]").press("Enter")

    def press(self, name: str) -> None:
        """A button of the stand-in's page."""
        self.page.get_by_role("button", name=name, exact=True).click()

    def switch(self, name: str) -> Locator:
        """A switch of the choice page."""
        return self.main.get_by_role("checkbox", name=name, exact=True)

    def looked_at(self) -> None:
        """The page as it is now, by axe and by its width."""
        barrier_free(self.page)
