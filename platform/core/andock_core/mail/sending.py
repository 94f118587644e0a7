"""Sending one mail. Nothing here raises: a server that is away is a line in the log, and False."""

import logging
import smtplib
import ssl
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from typing import TYPE_CHECKING

from andock_core.clock import now
from andock_core.mail.server import MailServer, parse

if TYPE_CHECKING:
    from andock_core.core import Core

SECONDS = 10
"""How long each step of the talk with the server may take."""
LONGEST_SUBJECT = 200
log = logging.getLogger("andock.mail")


def send(core: "Core", to: str, subject: str, text: str) -> bool:
    """Send a plain text to one address; whether the server took it.

    Without ANDOCK_SMTP_URL it is not sent. Never call it inside a transaction: a server may take
    its time. The log names neither receiver nor content.
    """
    if not core.settings.smtp_url:
        log.info("mail not sent: no ANDOCK_SMTP_URL")
        return False
    server = parse(core.settings.smtp_url)  # was looked at when the settings were read
    try:
        message = _message(server, to, subject, text)
        with _opened(server) as talk:
            talk.send_message(message)
    except (OSError, smtplib.SMTPException, ValueError) as error:
        # A refusal's own words quote the receiver: its kind and its code are enough.
        code = getattr(error, "smtp_code", "")
        log.warning("mail not sent: %s %s", type(error).__name__, code)
        return False
    log.info("mail sent")
    return True


def _message(server: MailServer, to: str, subject: str, text: str) -> EmailMessage:
    """Raises ValueError for an address that is none. Line breaks cannot get into a header."""
    try:
        receiver = Address(addr_spec=to)
    except Exception as error:  # its errors share no other base
        raise ValueError("no address") from error
    message = EmailMessage(policy=SMTP)
    message["From"] = server.sender
    message["To"] = receiver
    message["Subject"] = " ".join(subject.split())[:LONGEST_SUBJECT]
    message["Date"] = format_datetime(now())
    message["Message-ID"] = make_msgid(domain=server.sender.domain)
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office comes back
    message.set_content(text)
    return message


def _opened(server: MailServer) -> smtplib.SMTP:
    trusted = ssl.create_default_context()
    if server.security == "tls":
        talk: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, timeout=SECONDS, context=trusted
        )
    else:
        talk = smtplib.SMTP(server.host, server.port, timeout=SECONDS)
    try:
        if server.security == "starttls":
            talk.starttls(context=trusted)
        if server.user:
            talk.login(server.user, server.password)
    except BaseException:
        talk.close()
        raise
    return talk
