"""A bare client of the sandbox's Microsoft side: sign-in by msal, requests over real https."""

import json
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qs, urlsplit

import msal
import requests
from lxml import html

from andock_sandbox.identity import App
from tests.sandbox.client import PASSWORD

REDIRECT = "http://127.0.0.1:8765/callback"
SCOPES = ["User.Read", "Calendars.ReadWrite"]
ANNA, BEN = "anna@musterfirma.test", "ben@musterfirma.test"


class Served(Protocol):
    """A running sandbox, as far as a client knows it: a SandboxServer, or what a demo tells."""

    @property
    def ca_file(self) -> Path: ...
    @property
    def cloud_url(self) -> str: ...
    @property
    def graph_url(self) -> str: ...


def trusting(server: Served) -> requests.Session:
    """A session that trusts the sandbox alone, whatever the machine's environment says."""
    made = requests.Session()
    made.trust_env = False
    made.verify = str(server.ca_file)
    return made


@dataclass(frozen=True)
class Page:
    """A page of the sign-in, as a browser without scripts sees it."""

    answer: requests.Response

    @property
    def text(self) -> str:
        """All that there is to read."""
        return str(html.fromstring(self.answer.text).text_content())

    @property
    def fields(self) -> dict[str, str]:
        """What its form holds already."""
        form = html.fromstring(self.answer.text).forms[0]
        return {name: value or "" for name, value in form.fields.items()}

    @property
    def target(self) -> dict[str, str]:
        """What the application is told at its redirect address."""
        place = self.answer.headers["Location"]
        assert not place.startswith("/"), place  # another page of the sign-in
        return {name: values[0] for name, values in parse_qs(urlsplit(place).query).items()}


class Browser:
    """A person at the sign-in pages; cookies are kept."""

    def __init__(self, server: Served, language: str = "en") -> None:
        self._session = trusting(server)
        self._session.headers["Accept-Language"] = language
        self._server = server

    def open(self, url: str) -> Page:
        """Go to an address."""
        return Page(self._session.get(url, allow_redirects=False))

    def press(self, page: Page, action: str, **fields: str) -> Page:
        """Fill in a page's form and press one of its buttons."""
        form = html.fromstring(page.answer.text).forms[0]
        data = {**page.fields, **fields, "action": action}
        place = f"{self._server.cloud_url}{form.action}"
        return Page(self._session.post(place, data=data, allow_redirects=False))

    def sign_in(self, url: str, user: str = ANNA, password: str = PASSWORD) -> Page:
        """From the first page to what comes after the password."""
        return self.press(self.open(url), "sign-in", username=user, password=password)

    def consent(self, url: str, user: str = ANNA) -> Page:
        """Sign in and agree to everything."""
        page = self.sign_in(url, user)
        return page if page.answer.is_redirect else self.press(page, "accept")


def msal_client(server: Served, app: App, **options: Any) -> Any:
    """msal for an app. The authority is everybody's, unless ``authority`` says otherwise."""
    kind = msal.PublicClientApplication if app.is_public else msal.ConfidentialClientApplication
    credential = {} if app.is_public else {"client_credential": next(iter(app.secrets), None)}
    given = {
        "authority": f"{server.cloud_url}/organizations",
        "instance_discovery": False,
        "http_client": trusting(server),
        **credential,
        **options,
    }
    return kind(app.client_id, **given)


def begin(client: Any, scopes: list[str], **options: Any) -> Any:
    """msal's flow; the answer comes in the query unless ``response_mode`` says otherwise."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # msal recommends form_post
        return client.initiate_auth_code_flow(scopes, redirect_uri=REDIRECT, **options)


def sign_in(
    server: Served, app: App, scopes: list[str], user: str = ANNA, **options: Any
) -> dict[str, Any]:
    """The whole flow by msal; the token endpoint's answer."""
    client = msal_client(server, app, **options)
    flow = begin(client, scopes, login_hint=user)
    page = Browser(server).consent(flow["auth_uri"], user)
    found: dict[str, Any] = client.acquire_token_by_auth_code_flow(flow, page.target)
    return found


class Graph:
    """Requests to Graph with a token."""

    def __init__(self, server: Served, token: str) -> None:
        self.url = server.graph_url
        self.headers = {"Authorization": f"Bearer {token}"}
        self._session = trusting(server)

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        headers: dict[str, str] | None = None,
        **query: str,
    ) -> requests.Response:
        """One request; a path that is a whole address is taken as it is."""
        url = path if path.startswith("https://") else f"{self.url}{path}"
        data = body if isinstance(body, bytes) or body is None else json.dumps(body)
        kind = {} if body is None else {"Content-Type": "application/json"}
        options = {f"${name[1:]}" if name[0] == "_" else name: held for name, held in query.items()}
        named = {**self.headers, **kind, **(headers or {})}
        return self._session.request(method, url, params=options, data=data, headers=named)

    def get(self, path: str, headers: dict[str, str] | None = None, **query: str) -> Any:
        """The JSON of an answer that is fine."""
        answer = self.ask("GET", path, headers=headers, **query)
        assert answer.ok, answer.text
        return answer.json()

    def do(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """The JSON of a write that went well; None when it has no body."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = self.ask(method, path, body, named)
        assert answer.ok, answer.text
        return answer.json() if answer.content else None

    def walk(self, path: str, headers: dict[str, str] | None = None, **query: str) -> Any:
        """(all lines, delta link) over all pages."""
        page = self.get(path, headers, **query)
        lines = list(page["value"])
        while "@odata.nextLink" in page:
            page = self.get(page["@odata.nextLink"], headers)
            lines += page["value"]
        return lines, page.get("@odata.deltaLink", "")


def at(moment: str, zone: str = "UTC") -> dict[str, str]:
    """A dateTimeTimeZone."""
    return {"dateTime": moment, "timeZone": zone}


def meeting(subject: str = "Besprechung", **more: Any) -> dict[str, Any]:
    """A body for an entry on the morning of a day."""
    return {
        "subject": subject,
        "start": at("2026-11-24T09:00:00", "W. Europe Standard Time"),
        "end": at("2026-11-24T10:00:00", "W. Europe Standard Time"),
        **more,
    }


def attendee(address: str, kind: str = "required") -> dict[str, Any]:
    """Someone who is invited."""
    return {"emailAddress": {"address": address, "name": address}, "type": kind}
