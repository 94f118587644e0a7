"""Whether Andock's registration works, as far as Microsoft says without anybody's sign-in.

Microsoft looks at a secret for certain only where a directory is named: there the application asks
for a token for itself, which reaches nobody's data. For the accounts of any company a made-up
refresh token is handed in: what is wrong with the registration may be refused before it is.
"""

import re
import secrets
from collections.abc import Callable
from urllib.parse import urlencode

from cryptography import x509

from andock_office365_calendar import sign_in, transport
from andock_office365_calendar.operator_messages import OPERATOR
from andock_office365_calendar.sign_in import REFUSALS, TENANT, Registration
from andock_sdk import Context, Diagnosis, Report, Step, Text, errors
from andock_sdk.https import Wire

_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_CODE = re.compile(r"AADSTS\d{4,8}")
_NOT_SAID = Text(
    en="Not refused. Without a named directory Microsoft looks at it for certain only when the "
    "first member signs in.",
    de="Nicht abgelehnt. Ohne ein genanntes Verzeichnis prüft Microsoft das erst sicher, wenn das "
    "erste Mitglied sich anmeldet.",
)
_SURE = Text(en="Microsoft accepts it.", de="Microsoft erkennt es an.")
TITLES = {
    "values": Text(en="Look at what is filled in", de="Angaben ansehen"),
    "graph": Text(en="Reach Microsoft Graph", de="Microsoft Graph erreichen"),
    "registration": Text(
        en="Ask Microsoft about the ID and the secret or certificate",
        de="Microsoft nach ID und Schlüssel oder Zertifikat fragen",
    ),
    "redirect": Text(
        en="Ask Microsoft about the address to come back to",
        de="Microsoft nach der Rückkehradresse fragen",
    ),
}


def run(context: Context, report: Report) -> Diagnosis:
    """Each step that can be taken; the first that fails is the error."""
    about, line = Registration.of(context.operator), transport.wire(context.egress)
    steps: dict[str, Callable[[], Text | None]] = {
        "values": lambda: _values(context, about),
        "graph": lambda: _graph(context, line),
        "registration": lambda: _registration(context, about, line),
        "redirect": lambda: _redirect(context, about, line),
    }
    first = ""
    try:
        for key, step in steps.items():
            failed = _take(key, step, report)
            first = first or failed
    finally:
        line.close()
    return Diagnosis(error=first)


def _take(key: str, step: Callable[[], Text | None], report: Report) -> str:
    title = TITLES[key]
    try:
        detail = step()
    except errors.AndockError as failure:
        words = OPERATOR.get(failure.key)
        means, advice = (words.title, words.advice) if words else (None, None)
        report(Step(key=key, title=title, state="failed", means=means, advice=advice))
        return failure.key
    report(Step(key=key, title=title, state="done", detail=detail))
    return ""


def _values(context: Context, about: Registration) -> Text | None:
    if not _GUID.fullmatch(about.client_id):
        raise errors.AdminError("operator.id_form")
    if about.certificate:
        ends = _ends(about.certificate)
        return Text(en=f"The certificate ends on {ends}.", de=f"Das Zertifikat endet am {ends}.")
    if not about.secret:
        raise errors.AdminError("operator.secret_missing")
    if _GUID.fullmatch(about.secret.strip()):
        raise errors.AdminError("operator.secret_id")
    if context.operator.get("secret_ends"):
        return None
    return Text(
        en="Fill in when the secret ends, so that Andock can warn before.",
        de="Füllen Sie aus, wann der Schlüssel endet, damit Andock vorher warnen kann.",
    )


def _ends(pem: str) -> str:
    try:
        return f"{x509.load_pem_x509_certificate(pem.encode()).not_valid_after_utc:%Y-%m-%d}"
    except ValueError as wrong:
        raise errors.AdminError("operator.certificate", type(wrong).__name__) from wrong


def _graph(context: Context, line: Wire) -> Text | None:
    """Nobody is signed in, so Graph itself says 401, in JSON."""
    url = f"{Registration.of(context.operator).cloud.api}/me"
    answer = transport.send(line, "GET", url, timeout=20.0)
    if answer.status != 401 or not answer.is_a("json"):
        raise errors.AdminError("server.not_graph", str(answer.status))
    return None


def _registration(context: Context, about: Registration, line: Wire) -> Text:
    client = sign_in.client_for(context, line)
    if about.tenant.lower() not in (TENANT, "common"):
        told = client.obtain_token_for_client(scope=f"{about.cloud.graph}/.default")
        if told.get("access_token"):
            return _SURE
        raise _refused(sign_in.code_of(str(told.get("error_description"))))
    told = client.obtain_token_by_refresh_token(secrets.token_urlsafe(32), scope=["openid"])
    code = sign_in.code_of(str(told.get("error_description")))
    if code in REFUSALS or told.get("error") in ("invalid_client", "unauthorized_client"):
        raise _refused(code)
    return _NOT_SAID


def _redirect(context: Context, about: Registration, line: Wire) -> Text:
    """Asked for a silent sign-in, Microsoft sends a stranger back at once, with an error. To an
    address that it does not know it sends nobody: it shows a page."""
    query = urlencode(
        {
            "client_id": about.client_id,
            "redirect_uri": context.callback_url,
            "response_type": "code",
            "response_mode": "query",
            "scope": "openid",
            "prompt": "none",
            "state": secrets.token_urlsafe(16),
        }
    )
    answer = transport.send(line, "GET", f"{about.endpoint('authorize')}?{query}", timeout=20.0)
    place = answer.headers.get("Location", "")
    if place.startswith(f"{context.callback_url}?"):
        return Text(en=context.callback_url)
    found = _CODE.search(answer.content.decode("utf-8", "replace"))
    raise _refused(found[0] if found else "")


def _refused(code: str) -> errors.AdminError:
    return errors.AdminError(REFUSALS.get(code, "operator.refused"), code)
