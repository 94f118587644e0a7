"""HTTPS for plugins: requests over the sockets and TLS settings that egress gives, with limits on
time and size. Needs the extra: `andock-sdk[https]`."""

from andock_sdk.https.wire import (
    CONNECT_TIMEOUT,
    NETWORK_ERRORS,
    Answer,
    AnswerTooLarge,
    AnswerTooSlow,
    Wire,
)

__all__ = [
    "CONNECT_TIMEOUT",
    "NETWORK_ERRORS",
    "Answer",
    "AnswerTooLarge",
    "AnswerTooSlow",
    "Wire",
]
