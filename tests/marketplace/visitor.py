"""A browser in which somebody is signed in, and what tests read from pages."""

import re
from html import unescape
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from andock_core.storage import Scope


class Visitor:
    """Somebody at the pages, in one language, without JavaScript."""

    def __init__(self, app: Flask, who: Scope, language: str = "de") -> None:
        self.client: FlaskClient = app.test_client()
        self.client.set_cookie("andock_language", language)
        with self.client.session_transaction() as cookie:
            cookie["_user_id"] = f"{who.member_id}:0"
            cookie["_fresh"] = True

    def get(self, path: str) -> str:
        """A page that must exist, as text."""
        answer = self.client.get(path, follow_redirects=True)
        assert answer.status_code == 200, f"{path}: {answer.status}"
        return answer.text

    def look(self, path: str) -> TestResponse:
        """A page that may not exist."""
        return self.client.get(path)

    def post(self, path: str, form: dict[str, Any] | None = None) -> TestResponse:
        """Send a form, with the session's token."""
        token = re.search(r'name="csrf-token" content="([^"]+)"', self.get("/marketplace/"))
        assert token
        return self.client.post(path, data={**(form or {}), "csrf_token": unescape(token[1])})

    def follow(self, path: str, form: dict[str, Any] | None = None) -> str:
        """Send a form; the page that comes after it."""
        answer = self.post(path, form)
        assert answer.status_code == 303, f"{path}: {answer.status}"
        return self.get(answer.headers["Location"])


def words(html: str) -> str:
    """A page's text as read, with single blanks."""
    body = re.sub(r"(?s).*<main", "<main", html)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())
