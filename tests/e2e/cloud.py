"""The other side, as an independent client sees it: msal's sign-in and Graph over plain https."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from andock_sandbox.identity import App
from tests.sandbox.graph_client import Browser, Graph, begin, msal_client

SCOPES = ["Calendars.ReadWrite", "Contacts.ReadWrite", "Tasks.ReadWrite"]
ZONE = "W. Europe Standard Time"


@dataclass(frozen=True)
class Demo:
    """The stand-in's Microsoft side, as `demo.json` tells of it."""

    told: dict[str, Any]

    @property
    def _microsoft(self) -> dict[str, Any]:
        return dict(self.told["microsoft"])

    @property
    def ca_file(self) -> Path:
        """The authority that vouches for it."""
        return Path(self._microsoft["ca_file"])

    @property
    def cloud_url(self) -> str:
        """Where the identity platform lies."""
        return str(self._microsoft["authority"]).removesuffix("/organizations")

    @property
    def graph_url(self) -> str:
        """Where Graph answers."""
        return str(self._microsoft["graph_url"])

    def password(self, email: str) -> str:
        """The password of a mailbox."""
        boxes = self._microsoft["mailboxes"]
        return next(str(box["password"]) for box in boxes if box["email"] == email)

    def graph(self, email: str) -> Graph:
        """Graph for a mailbox, signed in by the app for scripts."""
        about = self._microsoft
        app = App.new("Scripts", about["client_id"])
        app.secrets = {about["client_secret"]: 0.0}
        password = self.password(email)
        client = msal_client(self, app)
        flow = begin(client, SCOPES, login_hint=email)
        browser = Browser(self)
        page = browser.sign_in(flow["auth_uri"], email, password)
        page = page if page.answer.is_redirect else browser.press(page, "accept")
        token = client.acquire_token_by_auth_code_flow(flow, page.target)
        return Graph(self, token["access_token"])

    def do(self, action: str, **fields: Any) -> Any:
        """One of the control page's acts, for instance `revoke-access`."""
        about = self.told["sandbox"]
        place = about["control"].partition("?")[0]
        with requests.Session() as session:
            session.trust_env = False
            answer = session.post(
                f"{place}do/{action}",
                json=fields,
                headers={"Authorization": f"Bearer {about['token']}"},
                verify=str(self.ca_file),
            )
        assert answer.ok, answer.text
        return answer.json()

    def state(self) -> Any:
        """What the control page shows, as JSON."""
        about = self.told["sandbox"]
        place = about["control"].partition("?")[0]
        with requests.Session() as session:
            session.trust_env = False
            answer = session.get(
                f"{place}state.json",
                headers={"Authorization": f"Bearer {about['token']}"},
                verify=str(self.ca_file),
            )
        assert answer.ok, answer.text
        return answer.json()

    def mails(self) -> list[set[str]]:
        """To whom mails have been sent so far."""
        return [set(mail["to"]) for mail in self.state()["outbox"]]
