"""Microsoft's sign-in: the authorization code flow with PKCE, state and nonce, and tokens that
rotate. msal's OAuth client speaks the protocol; its addresses are known, so nothing is looked up.

Sources: RFC 6749, RFC 7636, OpenID Connect Core 3.1; the identity platform's error codes.
"""

import warnings
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any
from urllib.parse import urlencode

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from msal.oauth2cli import JwtSigner
from msal.oauth2cli.oidc import Client

from andock_office365_calendar import clouds, transport
from andock_sdk import Answers, Context, Grant, Redirect, errors
from andock_sdk.https import Wire
from andock_sdk.standard import CONTACTS_ON, TASKS_ON, is_on, task_list

TENANT = "organizations"
_BASIC = ("openid", "profile", "offline_access")
_CALENDAR, _CONTACTS, _TASKS = "Calendars.ReadWrite", "Contacts.ReadWrite", "Tasks.ReadWrite"
_EARLY = timedelta(minutes=5)
"""A token is renewed so long before it ends: a call under way must not outlive it."""
_APPROVAL = ("AADSTS90094", "AADSTS90093", "AADSTS90095", "AADSTS65001", "AADSTS900941")
"""Codes that say that an administrator has to agree."""

REFUSALS = {
    "AADSTS50011": "operator.redirect",
    "AADSTS90002": "operator.tenant",
    "AADSTS700016": "operator.unknown",
    "AADSTS700025": "operator.public",
    "AADSTS700027": "operator.certificate_unknown",
    "AADSTS7000215": "operator.secret_wrong",
    "AADSTS7000218": "operator.secret_missing",
    "AADSTS7000222": "operator.secret_ended",
}
"""Codes that say what is wrong with Andock's own registration."""


@dataclass(frozen=True)
class Registration:
    """Andock's registration with the identity platform, as the operator typed it in."""

    client_id: str
    secret: str
    certificate: str
    tenant: str
    cloud: clouds.Cloud

    @classmethod
    def of(cls, operator: Answers) -> "Registration":
        """From the operator's settings."""
        return cls(
            client_id=str(operator.get("client_id") or "").strip(),
            secret=str(operator.get("client_secret") or ""),
            certificate=str(operator.get("certificate") or ""),
            tenant=str(operator.get("tenant") or "").strip() or TENANT,
            cloud=clouds.of(operator),
        )

    def endpoint(self, name: str) -> str:
        """An address of the tenant at the authority."""
        return f"{self.cloud.authority}/{self.tenant}/oauth2/v2.0/{name}"


def scopes(wanted: Answers) -> tuple[str, ...]:
    """What access is asked for: the calendar, and more only when more is switched on."""
    asked = [_CALENDAR]
    if is_on(wanted, CONTACTS_ON):
        asked.append(_CONTACTS)
    if is_on(wanted, TASKS_ON) and task_list(wanted):
        asked.append(_TASKS)
    return tuple(asked)


def lacking(wanted: Answers, facts: dict[str, str]) -> bool:
    """Whether the settings need more than was granted."""
    return not set(scopes(wanted)) <= set(facts.get("scopes", _CALENDAR).split())


def begin(context: Context, hint: str, wanted: Answers) -> Redirect:
    """Where the member goes to sign in. `hint` is the address that they typed."""
    with warnings.catch_warnings():
        # The answer comes in the query: a form posted by another site would come without the
        # session's cookie (SameSite), and so with nobody signed in.
        warnings.simplefilter("ignore", UserWarning)
        flow = client_for(context, None).initiate_auth_code_flow(
            scope=[*_BASIC, *_qualified(context, wanted)],
            redirect_uri=context.callback_url,
            response_mode="query",
            **({"login_hint": hint} if hint else {"prompt": "select_account"}),
        )
    url, state = str(flow.pop("auth_uri")), str(flow["state"])
    return Redirect(url=url, state=state, memory=flow)


def finish(context: Context, params: dict[str, str], memory: dict[str, Any]) -> Grant:
    """The grant from what the sign-in came back with. Raises Declined, ApprovalNeeded, or another
    error with a key."""
    if "error" in params:
        raise _refusal(context, params)
    line = transport.wire(context.egress)
    try:
        answer = client_for(context, line).obtain_token_by_auth_code_flow(memory, params)
    except (ValueError, RuntimeError) as wrong:  # state, nonce or the token itself is not ours
        raise errors.MemberError("sign_in.odd", type(wrong).__name__) from wrong
    finally:
        line.close()
    return _granted(context, answer, {})


def renewed(context: Context, grant: Grant, line: Wire) -> Grant:
    """The grant with a token that lasts, the same one while it does. A rotated refresh token is
    kept at once. Raises BadCredentials when the member has to sign in again."""
    if context.now() < _ends(grant) - _EARLY:
        return grant
    answer = client_for(context, line).obtain_token_by_refresh_token(
        grant.secrets.get("refresh_token", ""),
        scope=[*_BASIC, *(_full(context, one) for one in _reached(grant))],
    )
    fresh = _granted(context, answer, grant.secrets, grant.facts)
    context.replace_grant(fresh)
    return fresh


def admin_consent(context: Context) -> str:
    """The address where the customer's administrator agrees for everybody: to all that members may
    switch on, so that nobody has to ask twice. Its state lets Andock recognise that they did."""
    about = Registration.of(context.operator)
    asked = (_full(context, name) for name in (_CALENDAR, _CONTACTS, _TASKS))
    query = {
        "client_id": about.client_id,
        "redirect_uri": context.callback_url,
        "scope": " ".join((*_BASIC, *asked)),
        "state": token_urlsafe(24),
    }
    return f"{about.cloud.authority}/{about.tenant}/v2.0/adminconsent?{urlencode(query)}"


def client_for(context: Context, line: Wire | None) -> Client:
    """msal's OAuth client for Andock's registration. Raises AdminError for a certificate that
    cannot be used."""
    about = Registration.of(context.operator)
    credentials: dict[str, Any] = {}
    if about.certificate:
        credentials = {
            "client_assertion": _assertion(about),
            "client_assertion_type": Client.CLIENT_ASSERTION_TYPE_JWT,
        }
    elif about.secret:
        credentials = {"default_body": {"client_secret": about.secret}}
    return Client(
        {
            "authorization_endpoint": about.endpoint("authorize"),
            "token_endpoint": about.endpoint("token"),
        },
        about.client_id,
        http_client=transport.Http(line) if line else _NoHttp(),
        **credentials,
    )


class _NoHttp:
    """Making a redirect needs no network."""

    def close(self) -> None:
        """Nothing is open."""


def _assertion(about: Registration) -> str:
    """A JWT signed with the certificate's key (RFC 7523, as the identity platform wants it)."""
    try:
        found = x509.load_pem_x509_certificate(about.certificate.encode())
        thumbprint = sha256(found.public_bytes(Encoding.DER)).hexdigest()
        signer = JwtSigner(about.certificate, algorithm="PS256", sha256_thumbprint=thumbprint)
        place, who = about.endpoint("token"), about.client_id
        signed: bytes = signer.create_normal_assertion(place, who, who)
        return signed.decode()
    except (ValueError, TypeError) as wrong:
        raise errors.AdminError("operator.certificate", type(wrong).__name__) from wrong


def _qualified(context: Context, wanted: Answers) -> list[str]:
    return [_full(context, name) for name in scopes(wanted)]


def _full(context: Context, scope: str) -> str:
    return f"{clouds.of(context.operator).graph}/{scope}"


def _ends(grant: Grant) -> datetime:
    try:
        return datetime.fromtimestamp(float(grant.secrets.get("ends_at", "0")), UTC)
    except (ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(0, UTC)


def _granted(
    context: Context,
    answer: dict[str, Any],
    before: dict[str, str],
    facts: dict[str, str] | None = None,
) -> Grant:
    if "access_token" not in answer:
        raise _refusal(context, {k: str(v) for k, v in answer.items()})
    lasts = timedelta(seconds=min(float(answer.get("expires_in") or 0), 86_400.0))
    secrets = {
        "access_token": str(answer["access_token"]),
        "refresh_token": str(answer.get("refresh_token") or before.get("refresh_token", "")),
        "ends_at": str((context.now() + lasts).timestamp()),
    }
    about = answer.get("id_token_claims") or {}
    learnt = dict(facts or {})
    if about:
        learnt["account"] = f"{about.get('tid', '')}.{about.get('oid', '')}"
        learnt["label"] = str(about.get("preferred_username") or about.get("email") or "")
    if answer.get("scope"):
        learnt["scopes"] = " ".join(str(one).rpartition("/")[2] for one in _listed(answer["scope"]))
    return Grant(secrets=secrets, facts=learnt)


def _reached(grant: Grant) -> list[str]:
    """What the grant reaches at Graph; OpenID Connect's own names are asked for by themselves."""
    return [one for one in grant.facts.get("scopes", "").split() if one not in (*_BASIC, "email")]


def _listed(scope: Any) -> list[str]:
    return scope.split() if isinstance(scope, str) else list(scope)


def code_of(said: str) -> str:
    """The platform's code ("AADSTS50011"), "" for none."""
    return said.partition(":")[0].strip()[:20] if said.startswith("AADSTS") else ""


def _refusal(context: Context, answer: dict[str, str]) -> errors.AndockError:
    """OAuth's error (RFC 6749, 4.1.2.1 and 5.2), with the platform's AADSTS code."""
    error, code = answer.get("error", ""), code_of(answer.get("error_description", ""))
    if code in _APPROVAL or error == "consent_required":
        return errors.ApprovalNeeded(admin_consent(context), detail=code)
    if error == "access_denied":
        return errors.Declined(detail=code)
    if error in ("invalid_grant", "interaction_required", "login_required"):
        return errors.BadCredentials("sign_in.expired", code or error)
    if code in REFUSALS or error in ("invalid_client", "unauthorized_client"):
        return errors.AdminError(REFUSALS.get(code, "operator.refused"), code or error)
    if error in ("temporarily_unavailable", "server_error"):
        return errors.Transient("server.error", code or error)
    return errors.MemberError("sign_in.odd", code or error[:40])
