"""Diagnosing a connection: steps that say what was tried, what it means and what to do, and those
of them that are the same for every server (name, address, certificate).
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from time import monotonic

from andock_sdk import errors
from andock_sdk.context import Context
from andock_sdk.listing import Message
from andock_sdk.network import Certificate, network_error
from andock_sdk.network_messages import NETWORK
from andock_sdk.steps import Diagnosis, Report, Step
from andock_sdk.text import Text

CONNECT_SECONDS = 10.0
SOON = timedelta(days=21)
"""A certificate that ends within this time is spoken of before it fails."""

NETWORK_TITLES = {
    "dns": Text(en="Name of the server", de="Name des Servers"),
    "tcp": Text(en="Way to the server", de="Weg zum Server"),
    "tls": Text(en="Certificate", de="Zertifikat"),
}
NEEDED = Text(
    en="Not tried, because an earlier step has to work first.",
    de="Nicht versucht, weil zuerst ein früherer Schritt gelingen muss.",
)
FINE = Text(en="This works.", de="Das funktioniert.")
"""What a step means that went well and has nothing more to say."""


class Finding:
    """A step under way. What is put into it shows when it ends; `ok` says afterwards whether it
    went well, `error` with which key it did not."""

    def __init__(self) -> None:
        self.detail: Text | None = None
        self.means: Text | None = None
        self.advice: Text | None = None
        self.skipped = False
        self.error = ""

    @property
    def ok(self) -> bool:
        """Whether the step came to a good end."""
        return not self.error and not self.skipped


class Examination:
    """Runs steps one by one. A step that fails is told with the words for its key, and the
    examination goes on: the caller decides what still makes sense."""

    def __init__(
        self, report: Report, titles: Mapping[str, Text], messages: Mapping[str, Message]
    ) -> None:
        self._report = report
        self._titles = dict(titles)
        self._messages = {**NETWORK, **messages}
        self.error = ""
        for key, title in self._titles.items():
            report(Step(key=key, title=title, state="waiting"))

    @contextmanager
    def step(self, key: str, tried: Text) -> Iterator[Finding]:
        """A step: errors of the SDK and of the network end it as failed, and go no further."""
        title, began, found = self._titles[key], monotonic(), Finding()
        self._report(Step(key=key, title=title, state="running", tried=tried))
        try:
            yield found
        except errors.AndockError as failure:
            found.error = failure.key
        except OSError as broken:
            found.error = network_error(broken).key
        if found.error:
            self.error = self.error or found.error
            words = self._messages.get(found.error)
            found.means = found.means or (words.title if words else Text(en=found.error))
            found.advice = found.advice or (words.advice if words else None)
        state = "skipped" if found.skipped else "failed" if found.error else "done"
        self._report(
            Step.model_validate(
                {
                    "key": key,
                    "title": title,
                    "state": state,
                    "detail": found.detail,
                    "milliseconds": round((monotonic() - began) * 1000),
                    "tried": tried,
                    "means": found.means or (None if found.skipped else FINE),
                    "advice": found.advice,
                }
            )
        )

    def skip(self, *keys: str, means: Text = NEEDED) -> None:
        """Say of steps that they were not taken, and why."""
        for key in keys:
            title = self._titles[key]
            self._report(Step(key=key, title=title, state="skipped", means=means))

    def result(self, confirm: str = "") -> Diagnosis:
        """How it ended."""
        return Diagnosis(error=self.error, confirm=confirm)


def check_network(
    examination: Examination, context: Context, host: str, port: int, suffix: str = ""
) -> bool:
    """The steps of NETWORK_TITLES for one server; whether a connection may be used.

    Nothing is sent but what TLS needs to shake hands. `suffix` tells several servers' steps apart.
    """
    if check_name(examination, context, host, port, suffix):
        return check_way(examination, context, host, port, suffix)
    examination.skip(f"tcp{suffix}", f"tls{suffix}")
    return False


def check_name(
    examination: Examination, context: Context, host: str, port: int, suffix: str = ""
) -> bool:
    """The step "dns": whether the name leads to an address that may be called."""
    asked = Text(
        en=f"Asked for the addresses of {host}.", de=f"Nach den Adressen von {host} gefragt."
    )
    with examination.step(f"dns{suffix}", asked) as found:
        _find(found, context, host, port)
    return found.ok


def check_way(
    examination: Examination, context: Context, host: str, port: int, suffix: str = ""
) -> bool:
    """The steps "tcp" and "tls": whether a connection may be used."""
    tcp, tls = f"tcp{suffix}", f"tls{suffix}"
    way = Text(
        en=f"Opened a connection to {host}, port {port}.",
        de=f"Eine Verbindung zu {host}, Port {port}, geöffnet.",
    )
    with examination.step(tcp, way) as found:
        reached = context.egress.connect(host, port, CONNECT_SECONDS)
        with reached:
            peer = reached.getpeername()[0]
            found.detail = Text(en=f"{peer} answers.", de=f"{peer} antwortet.")
    if not found.ok:
        examination.skip(tls)
        return False
    hello = Text(
        en=f"Agreed on an encryption with {host} and checked its certificate.",
        de=f"Mit {host} eine Verschlüsselung vereinbart und sein Zertifikat geprüft.",
    )
    with examination.step(tls, hello) as found:
        _shake_hands(found, context, host, port)
    return found.ok


def _find(found: Finding, context: Context, host: str, port: int) -> None:
    addresses = context.egress.addresses(host, port)
    shown = ", ".join(each.address for each in addresses[:6])
    found.detail = Text(en=shown) if shown else None
    if not any(each.allowed for each in addresses):
        raise errors.EgressRefused(detail="no address may be called")
    if not all(each.allowed for each in addresses):
        found.means = Text(
            en="Some of these addresses may not be called; the others are used.",
            de="Einige dieser Adressen dürfen nicht aufgerufen werden; die anderen werden genutzt.",
        )


def _shake_hands(found: Finding, context: Context, host: str, port: int) -> None:
    broken: errors.AndockError | None = None
    version = ""
    try:
        raw = context.egress.connect(host, port, CONNECT_SECONDS)
        with raw, context.egress.tls(host, port).wrap_socket(raw, server_hostname=host) as secured:
            version = secured.version() or ""
    except errors.CertificateChanged as failure:
        broken = failure
    except OSError as failure:
        broken = network_error(failure)
    try:
        shown = context.egress.certificate(host, port, CONNECT_SECONDS)
    except (OSError, errors.AndockError):
        if broken is None:
            return
        raise broken from None
    found.detail = describe(shown, version)
    if broken is not None:
        raise broken
    _warn(found, shown, context.now())


def _warn(found: Finding, shown: Certificate, now: datetime) -> None:
    if shown.ends - now > SOON:
        return
    day = shown.ends
    found.means = Text(
        en=f"This works, until the certificate ends on {day:%Y-%m-%d}.",
        de=f"Das funktioniert, bis das Zertifikat am {day:%d.%m.%Y} endet.",
    )
    found.advice = Text(
        en="Your IT department should renew it before then.",
        de="Ihre IT-Abteilung sollte es vorher erneuern.",
    )


def describe(shown: Certificate, version: str = "") -> Text:
    """A certificate in a few words: whose, by whom, until when, for which names."""
    names = ", ".join(shown.names[:5]) or "-"
    spoken = f", {version}" if version else ""
    return Text(
        en=f"{shown.subject}, issued by {shown.issuer}, valid from {shown.begins:%Y-%m-%d} to "
        f"{shown.ends:%Y-%m-%d}, for {names}; {shown.chain} in the chain{spoken}. "
        f"SHA-256 {shown.fingerprint}",
        de=f"{shown.subject}, ausgestellt von {shown.issuer}, gültig vom "
        f"{shown.begins:%d.%m.%Y} bis {shown.ends:%d.%m.%Y}, für {names}; {shown.chain} in der "
        f"Kette{spoken}. SHA-256 {shown.fingerprint}",
    )
