"""The authorize page: password, consent, refusal, an administrator's approval."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import replace
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING

from ..cloud import Reply, Request
from ..control.words import language_of
from . import flow as flows, pages, scopes
from .apps import App
from .directory import Code
from .errors import IdentityError
from .flow import Flow
from .metadata import find_tenant
from .words import words_of

if TYPE_CHECKING:
    from ..sandbox import Sandbox

_COOKIE = "__Host-sandbox-account"


class SignInPage:
    """One request to the pages."""

    def __init__(self, box: Sandbox, request: Request, tenant: str) -> None:
        self._box = box
        self._directory = box.directory
        self._request = request
        self._tenant = tenant
        self._cookie = ""

    # -- beginning ---------------------------------------------------------------------------

    def begin(self) -> Reply:
        """An application sends someone here."""
        given = self._request.fields
        flow = flows.asked(self._tenant, given, self._language(given))
        try:
            app = self._app(flow)
        except IdentityError as error:
            return pages.trouble(flow.language, error.text)
        try:
            flow = flows.check(flow, given)
            return self._go_on(app, flow)
        except IdentityError as error:
            return self._leave(flow, flow.refusal(error))

    def begin_approval(self) -> Reply:
        """An administrator is sent here to agree for everybody."""
        given = self._request.fields
        flow = flows.asked(self._tenant, given, self._language(given))
        try:
            app = self._app(flow)
            asked = tuple(scopes.read(given.get("scope", "")))
            flow = replace(flow, approval=True, scopes=asked, mode="query")
        except IdentityError as error:
            return pages.trouble(flow.language, error.text)
        return pages.sign_in(flow, app.name)

    def _app(self, flow: Flow) -> App:
        """IdentityError for what the application must not be told, since it may be another's."""
        find_tenant(self._box.domains, flow.tenant)
        if not flow.client_id:
            raise IdentityError(900144, name="client_id")
        app = self._directory.app(flow.client_id, flow.tenant)
        app.check_redirect(flow.redirect_uri)
        return app

    def _language(self, given: Mapping[str, str]) -> str:
        wished = given.get("ui_locales", "").replace(" ", ",")
        return language_of(wished or self._request.headers.get("accept-language"))

    # -- forms -------------------------------------------------------------------------------

    def decide(self) -> Reply:
        """A form of one of the pages."""
        given = self._request.fields
        try:
            flow = flows.opened(given.get("flow", ""))
            app = self._app(flow)
        except IdentityError as error:
            return pages.trouble(self._language(given), error.text)
        try:
            return self._decide(app, flow, given)
        except IdentityError as error:
            return self._leave(flow, flow.refusal(error))

    def _decide(self, app: App, flow: Flow, given: Mapping[str, str]) -> Reply:
        match given.get("action"):
            case "sign-in":
                return self._sign_in(app, flow, given)
            case "accept" if flow.user:
                return self._accept(app, flow, everybody=bool(given.get("everybody")))
            case "other":
                fresh = replace(flow, user="", hint="")
                return pages.sign_in(fresh, app.name)
            case "back":
                raise IdentityError(90094, app=app.name)
            case _:
                raise IdentityError(65004)

    def _sign_in(self, app: App, flow: Flow, given: Mapping[str, str]) -> Reply:
        user = given.get("username", "").strip()
        state = self._box.find_user(user)
        known = state is not None and hmac.compare_digest(
            state.account.password.encode(), given.get("password", "").encode()
        )
        self._box.note_sign_in(user, "password", self._request.path, ok=known)
        if state is None or not known:
            return pages.sign_in(flow, app.name, wrong=True, user=user)
        token = secrets.token_urlsafe(24)
        self._directory.sessions[token] = state.account.email
        self._cookie = f"{_COOKIE}={token}; Path=/; Secure; HttpOnly; SameSite=Lax"
        return self._go_on_as(app, flow.signed_in(state.account.email))

    def _accept(self, app: App, flow: Flow, *, everybody: bool) -> Reply:
        email = flow.user
        tenant = self._directory.tenant_of(email)
        admin = email.casefold() in self._directory.admins
        if flow.approval:
            if not admin:
                raise IdentityError(65004)
            self._directory.approve(tenant.domain, app.client_id, flow.scopes)
            answer = {"admin_consent": "True", "tenant": tenant.id}
            return self._leave(flow, {**answer, "scope": " ".join(flow.scopes)})
        if tenant.domain in self._directory.strict and not admin:
            raise IdentityError(90094, app=app.name)
        if everybody and admin:
            self._directory.approve(tenant.domain, app.client_id, flow.scopes)
        self._directory.consent(email, app.client_id, flow.scopes)
        return self._finish(app, flow)

    # -- going on ----------------------------------------------------------------------------

    def _go_on(self, app: App, flow: Flow) -> Reply:
        """Someone may have signed in before."""
        user = self._session()
        same = not flow.hint or flow.hint.casefold() == user.casefold()
        if flow.prompt == "none":
            return self._silently(app, flow, user if same else "")
        if not user or not same or flow.prompt in ("login", "select_account"):
            return pages.sign_in(flow, app.name)
        return self._go_on_as(app, flow.signed_in(user))

    def _silently(self, app: App, flow: Flow, user: str) -> Reply:
        if not user:
            raise IdentityError(50058)
        if self._missing(app, flow.signed_in(user)):
            raise IdentityError(65001, error="consent_required", app=app.client_id)
        return self._finish(app, flow.signed_in(user))

    def _session(self) -> str:
        try:
            held = SimpleCookie(self._request.headers.get("cookie", "")).get(_COOKIE)
        except CookieError:
            return ""
        return self._directory.sessions.get(held.value, "") if held is not None else ""

    def _go_on_as(self, app: App, flow: Flow) -> Reply:
        words, tenant = words_of(flow.language), self._directory.tenant_of(flow.user)
        wanted = find_tenant(self._box.domains, flow.tenant)
        if wanted is not None and wanted.domain != tenant.domain:
            error = IdentityError(50020, user=flow.user, tenant=wanted.domain, app=app.client_id)
            return pages.trouble(flow.language, error.text)
        admin = flow.user.casefold() in self._directory.admins
        if flow.approval:
            if not admin:
                told = words("no-admin", user=flow.user)
                return pages.trouble(flow.language, told, 403)
            return pages.consent(flow, app.name, list(flow.scopes), admin=True, cookie=self._cookie)
        missing = self._missing(app, flow)
        if not missing and flow.prompt != "consent":
            return self._finish(app, flow)
        if tenant.domain in self._directory.strict and not admin:
            return pages.needs_approval(flow, app.name, cookie=self._cookie)
        shown = [name for name in flow.scopes if name not in ("openid", "profile", "email")]
        return pages.consent(flow, app.name, shown, admin=admin, cookie=self._cookie)

    def _missing(self, app: App, flow: Flow) -> list[str]:
        agreed = self._directory.consented(flow.user, app.client_id)
        return [
            name
            for name in flow.scopes
            if name not in scopes.OPENID and not scopes.allows(agreed, name)
        ]

    def _finish(self, app: App, flow: Flow) -> Reply:
        code = self._directory.issue_code(
            Code(
                flow.user,
                app.client_id,
                flow.redirect_uri,
                list(flow.scopes),
                flow.challenge,
                flow.method,
                flow.nonce,
            )
        )
        return self._leave(flow, {"code": code, "session_state": secrets.token_hex(16)})

    def _leave(self, flow: Flow, answer: dict[str, str]) -> Reply:
        """Back to the application."""
        if flow.mode == "form_post":
            return pages.post_back(flow, answer, self._cookie)
        headers = [("Location", flow.address(**answer)), ("Cache-Control", "no-store")]
        if self._cookie:
            headers.append(("Set-Cookie", self._cookie))
        return Reply(302, b"", pages.HTML, tuple(headers))

    def end(self) -> Reply:
        """Sign out; where the application wants it, the browser goes back there."""
        given = self._request.fields
        language = self._language(given)
        words = words_of(language)
        cookie = f"{_COOKIE}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0"
        session = SimpleCookie(self._request.headers.get("cookie", "")).get(_COOKIE)
        if session is not None:
            self._directory.sessions.pop(session.value, None)
        back = given.get("post_logout_redirect_uri", "")
        if any(back in app.redirect_uris for app in self._directory.apps.values()):
            headers = (("Location", back), ("Set-Cookie", cookie))
            return Reply(302, b"", pages.HTML, headers)
        return pages.page(language, words("signed-out"), words("close"), cookie=cookie)
