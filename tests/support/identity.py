"""A small identity provider on loopback: a page to sign in at, codes with PKCE, refresh tokens that
rotate. Each refresh token counts once."""

import base64
import hashlib
import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

PAGE = """<!doctype html><html lang="en"><title>Identity</title><h1>Allow Andock?</h1>
<p>Scopes: {scopes}</p><p><a href="{allow}">Allow</a> <a href="{decline}">Decline</a></p></html>"""


class Identity:
    """What the provider knows. `user` is who signs in next."""

    def __init__(self) -> None:
        self.user = "anna@memory.example"
        self.client = {"client_id": "andock", "client_secret": "s3cret-of-client"}
        self.codes: dict[str, dict[str, str]] = {}
        self.refreshing: dict[str, dict[str, str]] = {}
        self.exchanges = 0
        self.url = ""

    def allow(self, url: str, **changes: str) -> dict[str, str]:
        """The member allows what an address asks for: the parameters they come back with."""
        asked = {name: values[-1] for name, values in parse_qs(urlsplit(url).query).items()}
        code = secrets.token_urlsafe(16)
        self.codes[code] = {**asked, "user": self.user, **changes}
        return {"code": code, "state": asked["state"]}

    def token(self, given: dict[str, str]) -> dict[str, Any]:
        """The token endpoint. A fault is {"error"}."""
        self.exchanges += 1
        if any(given.get(name) != value for name, value in self.client.items()):
            return {"error": "invalid_client"}
        if given.get("grant_type") == "refresh_token":
            kept = self.refreshing.pop(given.get("refresh_token", ""), None)
            return self._issued(kept) if kept else {"error": "invalid_grant"}
        kept = self.codes.pop(given.get("code", ""), None)
        digest = hashlib.sha256(given.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if kept is None or kept["code_challenge"] != challenge:
            return {"error": "invalid_grant"}
        return self._issued(kept)

    def _issued(self, kept: dict[str, str]) -> dict[str, Any]:
        token = secrets.token_urlsafe(16)
        self.refreshing[token] = kept
        return {"refresh_token": token, "user": kept["user"], "scope": kept["scope"]}


@contextmanager
def serving() -> Iterator[Identity]:
    """The provider, at `url`."""
    identity = Identity()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            """The page with the member's two choices."""
            query = parse_qs(urlsplit(self.path).query)
            back, state = query["redirect_uri"][-1], query["state"][-1]
            allowed = f"{back}?{urlencode(identity.allow(self.path))}"
            declined = f"{back}?{urlencode({'error': 'access_denied', 'state': state})}"
            page = PAGE.format(
                scopes=escape(query["scope"][-1]), allow=escape(allowed), decline=escape(declined)
            )
            self._answer(page, "text/html; charset=utf-8")

        def do_POST(self) -> None:
            """The token endpoint."""
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            given = {name: values[-1] for name, values in parse_qs(body).items()}
            self._answer(json.dumps(identity.token(given)), "application/json")

        def _answer(self, text: str, kind: str) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_said: Any) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    identity.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield identity
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
