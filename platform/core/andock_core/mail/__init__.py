"""Mail to members: plain text by the operator's server, or not at all."""

from andock_core.mail.sending import send
from andock_core.mail.server import BadAddress, MailServer, parse
from andock_core.mail.words import compose

__all__ = ["BadAddress", "MailServer", "compose", "parse", "send"]
