"""Mail by a real server."""

import logging
import socket
import string
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message

from andock_core import config, mail
from andock_core.mail.words import TEXTS

FROM = "from=andock@example.test"


class Postbox(Message):
    """Keeps what arrives."""

    def __init__(self) -> None:
        super().__init__(EmailMessage)
        self.letters: list[EmailMessage] = []

    def prepare_message(self, session: Any, envelope: Any) -> EmailMessage:
        """Read it as a mail program does."""
        letter = message_from_bytes(envelope.original_content, policy=policy.default)
        letter["X-Envelope-To"] = ",".join(envelope.rcpt_tos)
        return letter

    def handle_message(self, message: Any) -> None:
        """One arrived."""
        self.letters.append(message)


@pytest.fixture(scope="module")
def server() -> Iterator[Controller]:
    """A real SMTP server on a port of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    controller = Controller(Postbox(), hostname="127.0.0.1", port=port)
    controller.start()
    yield controller
    controller.stop()


@pytest.fixture
def postbox(server: Controller) -> Postbox:
    """Empty at the start of the test."""
    box: Postbox = server.handler
    box.letters.clear()
    return box


def core_with(url: str) -> Any:
    return SimpleNamespace(settings=SimpleNamespace(smtp_url=url))


def url_of(server: Controller) -> str:
    return f"smtp://127.0.0.1:{server.port}?{FROM}&security=none"


def test_a_text_arrives(server: Controller, postbox: Postbox) -> None:
    assert mail.send(core_with(url_of(server)), "anna@firma.test", "Grüße", "Übermorgen.\n")
    (letter,) = postbox.letters
    assert (letter["Subject"], letter["To"]) == ("Grüße", "anna@firma.test")
    assert letter["From"] == "Andock <andock@example.test>"
    assert letter.get_content().split() == ["Übermorgen."]


@pytest.mark.parametrize(
    ("to", "subject"),
    [
        ("anna@firma.test", "Hello\r\nBcc: all@firma.test"),
        ("anna@firma.test\r\nBcc: all@firma.test", "Hello"),
        ("anna@firma.test, all@firma.test", "Hello"),
        ("Anna <anna@firma.test>", "Hello"),
    ],
)
def test_no_header_is_smuggled_in(
    server: Controller, postbox: Postbox, to: str, subject: str
) -> None:
    mail.send(core_with(url_of(server)), to, subject, "Text")
    assert all(letter["Bcc"] is None for letter in postbox.letters)
    assert {letter["X-Envelope-To"] for letter in postbox.letters} <= {"anna@firma.test"}


def test_without_a_server_nothing_is_sent_and_nothing_is_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.INFO):
        assert not mail.send(core_with(""), "anna@firma.test", "A secret subject", "A secret text")
    assert "no ANDOCK_SMTP_URL" in caplog.text
    assert "secret" not in caplog.text
    assert "anna" not in caplog.text


def test_a_server_that_is_away_is_no_exception(caplog: pytest.LogCaptureFixture) -> None:
    url = f"smtp://127.0.0.1:1?{FROM}&security=none"
    assert not mail.send(core_with(url), "anna@firma.test", "S", "T")
    assert "ConnectionRefusedError" in caplog.text
    assert "anna" not in caplog.text


def test_without_encryption_nothing_is_sent_unless_it_was_said(
    server: Controller, postbox: Postbox
) -> None:
    plain = url_of(server).replace("&security=none", "")
    assert not mail.send(core_with(plain), "anna@firma.test", "S", "T")
    assert postbox.letters == []


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://mail.test", "begins with smtp"),
        ("smtp://mail.test", "from="),
        ("smtp://mail.test?from=nobody", "from="),
        ("smtp://:25?from=a@b.test", "server's name"),
        ("smtp://mail.test:99999?from=a@b.test", "port"),
        ("smtp://u:p@mail.test?from=a@b.test&security=none", "without encryption"),
        ("smtp://mail.test?from=a@b.test&tls=0", "are known"),
    ],
)
def test_a_wrong_setting_is_named_at_the_start(url: str, why: str, tmp_path: Path) -> None:
    environ = {"ANDOCK_HOME": str(tmp_path), "ANDOCK_SMTP_URL": url}
    with pytest.raises(config.SettingsError, match=why) as told:
        config.load(environ)
    assert "ANDOCK_SMTP_URL" in str(told.value)
    assert "u:p" not in str(told.value)


def test_an_address_is_read_with_its_password() -> None:
    server = mail.parse("smtps://an%40na:p%2Fw@mail.test?from=andock@firma.test")
    assert (server.user, server.password, server.port) == ("an@na", "p/w", 465)
    assert "p/w" not in repr(server)
    assert replace(server, user="").security == "tls"


@pytest.mark.parametrize("path", sorted((TEXTS / "en").glob("*.txt")), ids=lambda path: path.stem)
def test_each_mail_says_the_same_in_german(path: Path) -> None:
    def names(file: Path) -> set[str]:
        return set(string.Template(file.read_text("utf-8")).get_identifiers())

    assert names(TEXTS / "de" / path.name) == names(path)


def test_no_mail_exists_in_german_alone() -> None:
    assert {p.name for p in (TEXTS / "de").iterdir()} == {p.name for p in (TEXTS / "en").iterdir()}


def test_names_with_line_breaks_stay_on_their_line() -> None:
    subject, text = mail.compose(
        *("invited", "en"), company="A\r\nBcc: x@y.test", inviter="B", link="L", until="U"
    )
    assert "\n" not in subject
    assert "\nBcc" not in text
