"""The vault: seals whatever only its owner may read.

Each sealed value is an envelope around a label (tenant, owner, kind, id) and the data, encrypted
and authenticated by cryptography's MultiFernet. The label is checked on opening, so a value that
was copied to another row, owner or tenant does not open.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class SealBroken(Exception):
    """The value was not sealed by these keys, or not for this label. Says nothing of content."""


@dataclass(frozen=True)
class Label:
    """Whose value it is and which. `kind` is a table and column ("entry.sealed")."""

    tenant: str
    owner: str
    kind: str
    id: str

    def encode(self) -> bytes:
        """The label in one spelling."""
        return json.dumps([self.tenant, self.owner, self.kind, self.id]).encode()


class Vault:
    """Seals with the first key, opens with any of them."""

    def __init__(
        self, keys: Sequence[str], again: Callable[[], Sequence[str]] | None = None
    ) -> None:
        """`again` reads the ring anew: asked when a value does not open, for the operator may
        have put a new key first since this process began."""
        self._again = again
        self._use(keys)

    def seal(self, label: Label, data: bytes) -> bytes:
        """The sealed envelope."""
        return self._ring.encrypt(label.encode() + b"\n" + data)

    def open(self, label: Label, sealed: bytes) -> bytes:
        """What was sealed for exactly this label. Raises SealBroken."""
        try:
            envelope = self._decrypted(sealed)
        except InvalidToken as error:
            raise SealBroken(label.kind) from error
        found, _, data = envelope.partition(b"\n")
        if found != label.encode():
            raise SealBroken(label.kind)
        return data

    def seal_json(self, label: Label, value: Any) -> bytes:
        """Seal a JSON value."""
        return self.seal(label, json.dumps(value, separators=(",", ":")).encode())

    def open_json(self, label: Label, sealed: bytes) -> Any:
        """Open a JSON value. Raises SealBroken."""
        return json.loads(self.open(label, sealed))

    def rotate(self, sealed: bytes) -> bytes:
        """The same envelope under the first key, its time kept; as it is when it lies under that
        key already. Raises SealBroken."""
        try:
            self._first.decrypt(sealed)
        except InvalidToken:
            try:
                return self._ring.rotate(sealed)
            except InvalidToken as error:
                raise SealBroken("rotate") from error
        return sealed

    def _use(self, keys: Sequence[str]) -> None:
        if not keys:
            raise ValueError("a vault needs at least one key")
        self._keys = tuple(keys)
        self._first = Fernet(keys[0])
        self._ring = MultiFernet([Fernet(key) for key in keys])

    def _decrypted(self, sealed: bytes) -> bytes:
        try:
            return self._ring.decrypt(sealed)
        except InvalidToken:
            keys = tuple(self._again()) if self._again else self._keys
            if keys == self._keys:
                raise
            self._use(keys)
            return self._ring.decrypt(sealed)
