"""Microsoft's side on the control page, and what the command line tells of it."""

import json
from pathlib import Path

import pytest

from andock_sandbox import Mailbox, Sandbox, microsoft, recording, server as server_module
from andock_sandbox.server import SandboxServer
from tests.sandbox.client import ServerFactory
from tests.sandbox.graph_client import SCOPES, Browser, Graph, begin, msal_client
from tests.sandbox.test_control import Visitor, control, visitor

DOMAIN = "musterfirma.test"


def test_a_script_does_the_same_as_python(visitor: Visitor, box: Sandbox, anna: Mailbox) -> None:
    """Apps, approval, administrators, revoked access; what does not exist is refused."""
    where = "http://127.0.0.1/x"
    _, made = visitor.script("register-app", name="Andock", redirect_uris=where)
    assert box.directory.apps[made["client_id"]].redirect_uris == [where]
    visitor.script("require-approval", domain=DOMAIN, on=True)
    assert box.directory.strict == [DOMAIN]
    visitor.script("approve-app", domain=DOMAIN)
    assert "Calendars.ReadWrite" in box.directory.consented(anna.email, made["client_id"])
    visitor.script("withdraw-consent", mailbox=anna.email)
    assert not box.directory.consented(anna.email, made["client_id"])
    visitor.script("make-admin", mailbox=anna.email, on=True)
    assert box.directory.admins == [anna.email]
    box.directory.issue_refresh(anna.email, made["client_id"], ["offline_access"])
    assert visitor.script("revoke-access", mailbox=anna.email)[1] == {"grants": 1}
    assert visitor.script("lifecycle-notice", kind="missed")[1] == {"subscriptions": 0}
    for action, fields in (
        ("require-approval", {"domain": "nobody.test"}),
        ("revoke-access", {"mailbox": "nobody@nobody.test"}),
        ("lifecycle-notice", {"kind": "sunrise"}),
        ("register-app", {"name": "Andock"}),
        ("approve-app", {"domain": DOMAIN, "client_id": "unknown"}),
    ):
        assert visitor.script(action, **fields)[0] == 400


def test_the_state_counts_requests(visitor: Visitor, graph: Graph) -> None:
    """By operation; the latest ones with their status."""
    graph.get("/me/calendars")
    told = json.loads(visitor("GET", "/state.json")[2])["microsoft"]
    assert told["counts"] == {"calendars.list": 1}
    assert told["requests"][0]["status"] == 200
    assert told["tenants"][0]["domain"] == DOMAIN


def test_a_person_sees_tenants_and_requests(visitor: Visitor, graph: Graph) -> None:
    """And requires approval by the form."""
    graph.get("/me/calendars")
    _, page = visitor.submit("require-approval", domain=DOMAIN, on="1")
    assert "needs an administrator’s approval" in page
    assert "calendars.list" in page


def test_what_scripts_are_told_is_enough(server: SandboxServer, anna: Mailbox) -> None:
    """To sign in and to read: authority, app, redirect address, mailbox, Graph."""
    told = microsoft.info(server)
    app = server.box.directory.apps[told["client_id"]]
    assert app.redirect_uris == [told["redirect_uri"]]
    client = msal_client(server, app, authority=told["authority"])
    flow = begin(client, SCOPES)
    (one,) = told["mailboxes"]
    browser = Browser(server)
    page = browser.press(browser.sign_in(flow["auth_uri"], one["email"], one["password"]), "accept")
    found = client.acquire_token_by_auth_code_flow(flow, page.target)
    graph = Graph(server, found["access_token"])
    assert graph.url == told["graph_url"]
    assert graph.get("/me")["mail"] == anna.email
    assert microsoft.info(server)["client_secret"] == told["client_secret"]


def test_answers_are_kept_where_that_is_wished(
    serve: ServerFactory,
    box: Sandbox,
    anna: Mailbox,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """By the environment, so that other processes' answers can be checked too."""
    monkeypatch.setenv(recording.VARIABLE, str(tmp_path))
    monkeypatch.setattr(server_module, "default_graph_recorder", None)
    graph = Graph(serve(), box.bearer(anna))
    graph.get("/me/calendars")
    ((where, kind, lines),) = recording.read_graph(tmp_path)
    assert (where, kind, len(lines)) == ("GET /v1.0/me/calendars", "calendar", 1)


__all__ = ["control", "visitor"]
