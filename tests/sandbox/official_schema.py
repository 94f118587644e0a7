"""Holds every exchange of the sandbox's tests against Microsoft's schema, when it is at hand.

The environment variable ANDOCK_EWS_SCHEMAS names the folder of messages.xsd.
"""

import os
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree

VARIABLE = "ANDOCK_EWS_SCHEMAS"
_BODY = "{http://schemas.xmlsoap.org/soap/envelope/}Body"
_FAULT = "{http://schemas.xmlsoap.org/soap/envelope/}Fault"


@cache
def official_schema() -> etree.XMLSchema | None:
    """Microsoft's schema; None when the variable is not set."""
    folder = os.environ.get(VARIABLE)
    if not folder:
        return None
    return etree.XMLSchema(etree.parse(str(Path(folder) / "messages.xsd")))


def content_of(envelope: bytes) -> etree._Element | None:
    """What the SOAP body holds; None when it is no envelope."""
    try:
        body = etree.fromstring(envelope).find(_BODY)
    except etree.XMLSyntaxError:
        return None
    return None if body is None or len(body) != 1 else body[0]


def _without_root_ids(asked: etree._Element | None) -> etree._Element | None:
    """exchangelib repeats an attachment's RootItemId when it asks for the attachment. Exchange
    takes it; the published schema of requests lacks it."""
    for found in asked.iter("{*}AttachmentId") if asked is not None else ():
        for name in ("RootItemId", "RootItemChangeKey"):
            found.attrib.pop(name, None)
    return asked


@dataclass
class Tally:
    """What was checked in this process, and what was wrong with it."""

    seen: int = 0
    requests: int = 0
    answers: int = 0
    refused: int = 0
    complaints: list[str] = field(default_factory=list)

    def check(self, request: bytes, response: bytes) -> None:
        """An accepted request and every answer must be valid; a request that the sandbox refused
        for its form must be invalid."""
        self.seen += 1
        schema = official_schema()
        if schema is None:
            return
        asked, given = _without_root_ids(content_of(request)), content_of(response)
        if given is None:
            return
        if given.tag == _FAULT:
            if b"ErrorSchemaValidation" in response and asked is not None:
                self.refused += 1
                if schema.validate(asked):
                    self._complain("refused, but valid", etree.tostring(asked).decode())
            return
        self.answers += 1
        if not schema.validate(given):
            self._complain(str(schema.error_log.last_error), etree.tostring(given).decode())
        if asked is not None:
            self.requests += 1
            if not schema.validate(asked):
                self._complain(str(schema.error_log.last_error), etree.tostring(asked).decode())

    def _complain(self, what: str, xml: str) -> None:
        self.complaints.append(f"{what}\n{xml[:1500]}")

    def numbers(self) -> list[Any]:
        """What was counted, to be handed to another process."""
        return [self.seen, self.requests, self.answers, self.refused, self.complaints]

    def add(self, numbers: list[Any] | None) -> None:
        """Count in what another process has counted."""
        if numbers:
            self.seen += numbers[0]
            self.requests += numbers[1]
            self.answers += numbers[2]
            self.refused += numbers[3]
            self.complaints += numbers[4]

    def report(self) -> str:
        """One line for the end of the run."""
        if official_schema() is None:
            return f"EWS bodies NOT checked against the official schema: {VARIABLE} is not set"
        return (
            f"EWS bodies checked against the official schema: {self.requests} requests,"
            f" {self.answers} answers, {self.refused} refused requests;"
            f" {len(self.complaints)} invalid or in disagreement"
        )


TALLY = Tally()
