"""The sandbox's Microsoft identity platform, by msal and by the pages that people see."""

import base64
import hashlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from andock_sandbox import Sandbox
from andock_sandbox.identity import App
from andock_sandbox.server import SandboxServer
from tests.sandbox.client import PASSWORD
from tests.sandbox.graph_client import (
    ANNA,
    BEN,
    REDIRECT,
    SCOPES,
    Browser,
    Graph,
    Page,
    begin,
    msal_client,
    sign_in,
    trusting,
)


@pytest.fixture
def app(box: Sandbox) -> App:
    """A confidential app."""
    return box.directory.register("Andock", [REDIRECT])


def authorize(server: SandboxServer, app: App, tenant: str = "organizations", **more: str) -> str:
    """The address of the authorize page."""
    given = {
        "client_id": app.client_id,
        "response_type": "code",
        "redirect_uri": REDIRECT,
        "scope": "openid offline_access Calendars.ReadWrite",
        "state": "s1",
        **more,
    }
    place = f"{server.cloud_url}/{tenant}/oauth2/v2.0/authorize"
    return str(requests.Request("GET", place, params=given).prepare().url)


def redeem(server: SandboxServer, app: App, code: str, **more: str) -> requests.Response:
    """A token request with a code."""
    given = {
        "grant_type": "authorization_code",
        "client_id": app.client_id,
        "code": code,
        "redirect_uri": REDIRECT,
        **({} if app.is_public else {"client_secret": next(iter(app.secrets))}),
        **more,
    }
    place = f"{server.cloud_url}/organizations/oauth2/v2.0/token"
    return trusting(server).post(place, data=given)


def refresh(server: SandboxServer, app: App, token: str, **more: str) -> requests.Response:
    """A token request with a refresh token."""
    given = {"grant_type": "refresh_token", "refresh_token": token, **more}
    return redeem(server, app, "", **given)


def verifier_pair() -> dict[str, str]:
    """A PKCE challenge; its verifier is ``v`` repeated."""
    digest = hashlib.sha256(b"v" * 50).digest()
    challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    return {"code_challenge": challenge, "code_challenge_method": "S256"}


def test_msal_signs_in_and_the_token_opens_graph(server: SandboxServer, app: App) -> None:
    """Code with PKCE, by form_post; a renewed token without a person; the account that it is."""
    client = msal_client(server, app)
    flow = begin(client, SCOPES, login_hint=ANNA, response_mode="form_post")
    page = Browser(server).consent(flow["auth_uri"])
    found = client.acquire_token_by_auth_code_flow(flow, page.fields)
    assert found["id_token_claims"]["preferred_username"] == ANNA
    assert Graph(server, found["access_token"]).get("/me")["mail"] == ANNA
    (account,) = client.get_accounts()
    renewed = client.acquire_token_silent(SCOPES, account=account, force_refresh=True)
    assert Graph(server, renewed["access_token"]).get("/me/calendars")["value"]


def test_the_id_token_is_signed_with_a_published_key(server: SandboxServer, app: App) -> None:
    """RS256, by the key of its kid; issuer, audience, tenant, person and nonce fit."""
    found = sign_in(server, app, SCOPES)
    head, body, signature = found["id_token"].split(".")
    header, claims = (json.loads(_raw(part)) for part in (head, body))
    place = f"{server.cloud_url}/{claims['tid']}/v2.0/.well-known/openid-configuration"
    told = trusting(server).get(place).json()
    keys = trusting(server).get(told["jwks_uri"]).json()["keys"]
    (key,) = [one for one in keys if one["kid"] == header["kid"]]
    numbers = (int.from_bytes(_raw(key[name]), "big") for name in ("e", "n"))
    public = rsa.RSAPublicNumbers(*numbers).public_key()
    public.verify(_raw(signature), f"{head}.{body}".encode(), padding.PKCS1v15(), hashes.SHA256())
    assert (claims["iss"], claims["aud"]) == (told["issuer"], app.client_id)
    assert {"oid", "sub", "exp", "nonce", "name"} <= set(claims)


def _raw(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_instance_discovery_vouches_for_this_server_alone(server: SandboxServer) -> None:
    """Which msal asks where it is not switched off."""
    place = f"{server.cloud_url}/common/discovery/instance"
    asked = f"{server.cloud_url}/organizations/oauth2/v2.0/authorize"
    told = trusting(server).get(place, params={"authorization_endpoint": asked})
    assert told.json()["tenant_discovery_endpoint"].startswith(server.cloud_url)
    foreign = "https://login.elsewhere.invalid/common/oauth2/v2.0/authorize"
    refused = trusting(server).get(place, params={"authorization_endpoint": foreign})
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_instance")


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Stand-in for Microsoft"), ("de", "Ersatz für die Microsoft")]
)
def test_the_page_says_that_it_is_a_stand_in(
    server: SandboxServer, app: App, language: str, words: str
) -> None:
    """In the browser's language; ui_locales wins; the hint is filled in."""
    page = Browser(server, language).open(authorize(server, app, login_hint=ANNA))
    assert words in page.text
    assert page.fields["username"] == ANNA
    other = Browser(server, language).open(authorize(server, app, ui_locales="de-DE"))
    assert "Kennwort" in other.text


def test_a_wrong_password_is_told_on_the_page(server: SandboxServer, app: App) -> None:
    """And nobody is let in; nor is somebody whom nobody knows."""
    for user, password in ((ANNA, "wrong"), ("nobody@musterfirma.test", PASSWORD)):
        page = Browser(server).sign_in(authorize(server, app), user, password)
        assert "AADSTS50126" in page.text


def test_refusal_goes_back_to_the_application(server: SandboxServer, app: App) -> None:
    """As access_denied, with the state."""
    browser = Browser(server)
    page = browser.press(browser.sign_in(authorize(server, app)), "decline")
    told = page.target
    assert (told["error"], told["error_subcode"], told["state"]) == (
        "access_denied",
        "cancel",
        "s1",
    )
    assert "AADSTS65004" in told["error_description"]


def test_agreed_once_is_not_asked_again_but_more_is(server: SandboxServer, app: App) -> None:
    """Incremental consent: only what is new brings the page back. prompt=consent always does."""
    Browser(server).consent(authorize(server, app))
    assert "code" in Browser(server).sign_in(authorize(server, app)).target
    more = authorize(server, app, scope="openid Calendars.ReadWrite Contacts.ReadWrite")
    asked = Browser(server).sign_in(more)
    assert "Have full access of your contacts" in asked.text
    again = Browser(server).sign_in(authorize(server, app, prompt="consent"))
    assert "Permissions requested" in again.text


def test_an_administrators_approval(server: SandboxServer, box: Sandbox, app: App) -> None:
    """People cannot agree by themselves; back leads to the app; after approval they are let in."""
    box.directory.require_approval("musterfirma.test")
    browser = Browser(server)
    page = browser.sign_in(authorize(server, app))
    assert "Need admin approval" in page.text
    told = browser.press(page, "back").target
    assert told["error"] == "access_denied"
    assert "AADSTS90094" in told["error_description"]
    forged = browser.press(page, "accept").target
    assert "AADSTS90094" in forged["error_description"]
    box.add_mailbox(BEN, PASSWORD, name="Ben")
    link = (
        f"{server.cloud_url}/organizations/v2.0/adminconsent?client_id={app.client_id}"
        f"&redirect_uri={REDIRECT}&state=a&scope=Calendars.ReadWrite"
    )
    assert "not an administrator" in Browser(server).sign_in(link, BEN).text
    box.directory.make_admin(BEN)
    admin = Browser(server)
    approved = admin.press(admin.sign_in(link, BEN), "accept").target
    assert (approved["admin_consent"], approved["state"]) == ("True", "a")
    assert "code" in Browser(server).sign_in(authorize(server, app)).target


def test_silent_sign_in_needs_a_session_and_consent(server: SandboxServer, app: App) -> None:
    """prompt=none shows no page; prompt=select_account does, session or not."""
    browser = Browser(server)
    quiet = authorize(server, app, prompt="none")
    assert browser.open(quiet).target["error"] == "login_required"
    browser.sign_in(authorize(server, app))
    assert browser.open(quiet).target["error"] == "consent_required"
    browser.press(browser.open(authorize(server, app)), "accept")
    assert "code" in browser.open(quiet).target
    assert "Password" in browser.open(authorize(server, app, prompt="select_account")).text
    browser.open(f"{server.cloud_url}/common/oauth2/v2.0/logout")
    assert browser.open(quiet).target["error"] == "login_required"


@pytest.mark.parametrize(
    "spoilt",
    [
        {"redirect_uri": f"{REDIRECT}/"},
        {"client_id": "unknown"},
        {"redirect_uri": "https://x.test"},
    ],
)
def test_nothing_is_sent_to_an_address_that_is_not_registered(
    server: SandboxServer, app: App, spoilt: dict[str, str]
) -> None:
    """The person reads the error; there is no redirect."""
    page = Browser(server).open(authorize(server, app, **spoilt))
    assert page.answer.status_code == 400
    assert "AADSTS" in page.text


@pytest.mark.parametrize(
    ("spoilt", "error"),
    [
        ({"response_type": "token"}, "invalid_request"),
        ({"scope": "Everything.ReadWrite"}, "invalid_scope"),
        ({"scope": ""}, "invalid_request"),
    ],
)
def test_other_mistakes_are_told_to_the_application(
    server: SandboxServer, app: App, spoilt: dict[str, str], error: str
) -> None:
    """At its address."""
    page = Browser(server).open(authorize(server, app, **spoilt))
    assert page.target["error"] == error


def test_someone_of_another_tenant_is_refused(
    server: SandboxServer, box: Sandbox, app: App
) -> None:
    """Where the authority is one company's; a company that nobody knows has no page at all."""
    box.add_mailbox("eva@anders.test", PASSWORD, name="Eva")
    page = Browser(server).sign_in(authorize(server, app, "anders.test"), ANNA)
    assert "AADSTS50020" in page.text
    nobody = f"{server.cloud_url}/keiner.test/v2.0/.well-known/openid-configuration"
    assert "AADSTS90002" in trusting(server).get(nobody).json()["error_description"]


def code_for(server: SandboxServer, app: App, **more: str) -> str:
    """A code after the whole sign-in."""
    return Browser(server).consent(authorize(server, app, **more)).target["code"]


def test_pkce_is_checked(server: SandboxServer, app: App) -> None:
    """The verifier must fit; a code without one is worthless when a challenge was given."""
    for verifier in ("w" * 50, ""):
        code = code_for(server, app, **verifier_pair())
        refused = redeem(server, app, code, code_verifier=verifier)
        assert refused.status_code == 400
        assert refused.json()["error_codes"] == [501481]
    code = code_for(server, app, **verifier_pair())
    assert redeem(server, app, code, code_verifier="v" * 50).ok


def test_a_code_is_good_once_at_the_same_address(server: SandboxServer, app: App) -> None:
    """AADSTS54005 the second time."""
    code = code_for(server, app)
    assert redeem(server, app, code).ok
    assert redeem(server, app, code).json()["error_codes"] == [54005]
    elsewhere = redeem(server, app, code_for(server, app), redirect_uri=f"{REDIRECT}2")
    assert elsewhere.json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("given", "number"),
    [
        ({"client_secret": "wrong"}, 7000215),
        ({"client_secret": ""}, 7000218),
        ({"client_id": "unknown"}, 700016),
        ({"grant_type": "password"}, 70003),
        ({}, 70000),
        ({"grant_type": ""}, 900144),
    ],
)
def test_token_requests_are_refused_as_microsoft_does(
    server: SandboxServer, app: App, given: dict[str, str], number: int
) -> None:
    """With the number that clients look for."""
    answer = redeem(server, app, "x", **given)
    assert answer.json()["error_codes"] == [number]
    assert answer.status_code == (401 if number > 7000000 else 400)


def test_an_expired_secret_has_its_own_number(server: SandboxServer, box: Sandbox) -> None:
    """AADSTS7000222."""
    app = box.directory.register("Andock", [REDIRECT], secret_days=-1)
    assert redeem(server, app, "x").json()["error_codes"] == [7000222]


def test_a_public_client_needs_pkce_and_shows_no_secret(
    server: SandboxServer, box: Sandbox
) -> None:
    """By msal, and what happens without."""
    app = box.directory.register("Script", [REDIRECT], secret=None)
    assert sign_in(server, app, SCOPES)["access_token"]
    assert redeem(server, app, code_for(server, app)).json()["error_codes"] == [9002325]
    shown = redeem(server, app, code_for(server, app), client_secret="x")
    assert shown.json()["error_codes"] == [700025]


def _certificate() -> tuple[str, str]:
    """(private key, certificate) as PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Andock")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=2))
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return private.decode(), made.public_bytes(serialization.Encoding.PEM).decode()


def test_a_certificate_instead_of_a_secret(server: SandboxServer, box: Sandbox) -> None:
    """msal signs an assertion; another key's assertion is refused."""
    (key, public), (other, wrong) = _certificate(), _certificate()
    app = box.directory.register("Andock", [REDIRECT], secret=None, certificates=[public])
    good = {"private_key": key, "public_certificate": public}
    assert sign_in(server, app, SCOPES, client_credential=good)["access_token"]
    bad = {"private_key": other, "public_certificate": wrong}
    assert sign_in(server, app, SCOPES, client_credential=bad)["error_codes"] == [700027]


def tokens_of(server: SandboxServer, app: App) -> Any:
    """What a first sign-in brings."""
    return redeem(server, app, code_for(server, app)).json()


def test_refresh_tokens_rotate(server: SandboxServer, app: App) -> None:
    """An old one is worth nothing; the newest goes on."""
    first = tokens_of(server, app)["refresh_token"]
    second = refresh(server, app, first).json()["refresh_token"]
    assert second != first
    again = refresh(server, app, first)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert refresh(server, app, second).ok


def test_without_offline_access_there_is_no_refresh_token(server: SandboxServer, app: App) -> None:
    """As with Microsoft."""
    code = code_for(server, app, scope="openid Calendars.ReadWrite")
    assert "refresh_token" not in redeem(server, app, code).json()


def test_a_refresh_cannot_widen_what_was_agreed(server: SandboxServer, app: App) -> None:
    """AADSTS65001, consent_required."""
    token = tokens_of(server, app)["refresh_token"]
    wider = refresh(server, app, token, scope="Contacts.ReadWrite").json()
    assert (wider["error_codes"], wider["suberror"]) == ([65001], "consent_required")
    assert refresh(server, app, token, scope="Calendars.Read").json()["scope"] == "Calendars.Read"


@pytest.mark.parametrize("number", [50173, 700082, 50076])
def test_access_ends_on_demand(server: SandboxServer, box: Sandbox, app: App, number: int) -> None:
    """invalid_grant by the number that was wished; a new sign-in is good again."""
    found = tokens_of(server, app)
    assert box.directory.revoke(ANNA, number, access=True) == 1
    refused = refresh(server, app, found["refresh_token"]).json()
    assert (refused["error"], refused["error_codes"]) == ("invalid_grant", [number])
    assert Graph(server, found["access_token"]).ask("GET", "/me/calendars").status_code == 401
    assert refresh(server, app, tokens_of(server, app)["refresh_token"]).ok


def test_access_tokens_expire(server: SandboxServer, box: Sandbox, app: App) -> None:
    """401 InvalidAuthenticationToken; so for a token that nobody has issued."""
    box.directory.token_seconds = 0
    for token in (tokens_of(server, app)["access_token"], "invented", "a.b.c"):
        answer = Graph(server, token).ask("GET", "/me")
        assert answer.status_code == 401
        assert answer.json()["error"]["code"] == "InvalidAuthenticationToken"


def test_scopes_are_needed(server: SandboxServer, app: App) -> None:
    """403 where a permission was not given; reading is contained in writing."""
    graph = Graph(server, tokens_of(server, app)["access_token"])
    assert graph.ask("GET", "/me/contacts").status_code == 403
    assert graph.ask("GET", "/me/events").ok


def test_apps_and_grants_outlive_the_process(tmp_path: Path, tls_home: Path) -> None:
    """In the sandbox's file: app, agreement, refresh token, keys."""
    state = tmp_path / "box.sqlite"
    first = Sandbox(state=state)
    first.add_mailbox(ANNA, PASSWORD)
    app = first.directory.register("Andock", [REDIRECT])
    with SandboxServer(first, tls_home=tls_home) as server:
        found = tokens_of(server, app)
    first.close()
    second = Sandbox(state=state)
    with SandboxServer(second, tls_home=tls_home) as server:
        assert Graph(server, found["access_token"]).ask("GET", "/me/events").ok
        assert refresh(server, app, found["refresh_token"]).ok
        assert isinstance(Browser(server).sign_in(authorize(server, app)), Page)
    second.close()


def test_faults_on_the_token_endpoint(server: SandboxServer, box: Sandbox, app: App) -> None:
    """Planned like all others."""
    box.fail_next("Token", "503", retry_after="7")
    answer = redeem(server, app, "x")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "7")
    assert answer.json()["error"] == "temporarily_unavailable"


def test_a_lost_answer_loses_the_refresh_token(
    server: SandboxServer, box: Sandbox, app: App
) -> None:
    """It was rotated, and nobody knows the new one: a new sign-in is needed."""
    token = tokens_of(server, app)["refresh_token"]
    box.fail_next("Token", "lost-answer")
    with pytest.raises(requests.ConnectionError):
        refresh(server, app, token)
    assert refresh(server, app, token).json()["error"] == "invalid_grant"
