"""The state of a whole sandbox: its mailboxes, its outbox, its planned faults."""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .cloud import Cloud
from .faults import ANY, Fault, Faults
from .graph.notices import Callbacks
from .identity import Directory
from .mailbox import Mailbox
from .model import Account, Folder, Item, Json, to_json
from .notices import Hub, Pusher
from .outbox import Mail
from .state import MailboxState
from .store import Store
from .tokens import Tokens
from .zones import find as find_zone


@dataclass(frozen=True)
class SignIn:
    """One attempt to sign in: the name that was given, how, where, and whether it was let in."""

    user: str
    scheme: str
    path: str
    ok: bool


@dataclass(frozen=True)
class Redirect:
    """Where autodiscover sends a domain: another address, another https URL, or an HTTP 302."""

    address: str | None = None
    url: str | None = None
    location: str | None = None


@dataclass(frozen=True)
class Group:
    """A distribution list of the organisation: its address, its name, its members' addresses."""

    email: str
    name: str
    members: tuple[str, ...]


class Sandbox:
    """Mailboxes of an Exchange server that is none. Thread-safe.

    With a ``home`` folder the state rests there (in sandbox.sqlite), or in the file ``state``, and
    outlives a restart or a kill; without either it is gone with the process.
    """

    def __init__(self, home: Path | None = None, *, state: Path | None = None) -> None:
        self.lock = threading.RLock()
        self._depth = 0
        self.faults = Faults()
        self.outbox: list[Mail] = []
        self.sign_ins: list[SignIn] = []
        self.redirects: dict[str, Redirect] = {}
        self.groups: dict[str, Group] = {}
        self.tokens = Tokens()
        self.notices = Hub()
        self.pusher = Pusher(self.notices)
        self._store = Store(state or (home / "sandbox.sqlite" if home is not None else None))
        self._states: dict[str, MailboxState] = {}
        self._key = self._load_key()
        for held in self._store.read("mailbox"):
            account = Account(**held)
            found = MailboxState(account, self._key)
            found.load(Folder(**line) for line in self._store.read("folder", account.num))
            found.load(Item(**line) for line in self._store.read("item", account.num))
            self._take_in(found)
        self.cloud = Cloud()
        kept = self._store.read("directory")
        self.directory = Directory(
            kept[0] if kept else {}, self._save_directory, self.lock, keeps=self._store.keeps
        )
        self.callbacks = Callbacks(self.directory, lambda: self.cloud.validation_seconds)
        for line in self._store.read("group"):
            group = Group(line["email"], line["name"], tuple(line["members"]))
            self.groups[group.email.casefold()] = group
        for line in self._store.read("mail"):
            self.outbox.append(Mail(**{**line, "to": tuple(line["to"])}))

    def _save_directory(self, held: Json) -> None:
        with self.lock:
            self._store.write([("directory", 0, 1, held)])

    def _load_key(self) -> bytes:
        held = self._store.read("meta")
        if held:
            return bytes.fromhex(held[0]["key"])
        key = secrets.token_bytes(32)
        self._store.write([("meta", 0, 0, {"key": key.hex()})])
        return key

    # -- mailboxes ---------------------------------------------------------------------------

    def add_mailbox(
        self,
        email: str,
        password: str,
        name: str = "",
        login: str = "",
        zone: str = "W. Europe Standard Time",
        language: str = "en",
    ) -> Mailbox:
        """A mailbox; one that exists already is left as it is. ``zone`` is a Windows name,
        ``login`` a ``DOMAIN\\user`` (made from the address when empty)."""
        if find_zone(zone) is None:
            raise ValueError(f"no such Windows time zone: {zone}")
        local, _, domain = email.partition("@")
        if not local or not domain:
            raise ValueError(f"no mail address: {email}")
        with self.change():
            if email.casefold() not in self._states:
                account = Account(
                    len(self._states) + 1,
                    email,
                    password,
                    name or local,
                    login or f"{domain.split('.')[0].upper()}\\{local}",
                    zone,
                    hashlib.sha256(self._key + email.casefold().encode()).hexdigest()[:32],
                    language=language,
                )
                state = MailboxState(account, self._key)
                state.mark_account()
                state.create_default_folders()
                self._take_in(state)
        return self.mailbox(email)

    def _take_in(self, state: MailboxState) -> None:
        self._states[state.account.email.casefold()] = state

    def mailbox(self, email: str) -> Mailbox:
        """The mailbox of an address. KeyError."""
        return Mailbox(self, self._states[email.casefold()])

    @property
    def mailboxes(self) -> list[Mailbox]:
        """All mailboxes, oldest first."""
        return [Mailbox(self, state) for state in self._states.values()]

    def add_group(self, email: str, name: str, members: Sequence[str]) -> None:
        """A distribution list of the organisation; members are addresses, also of other lists."""
        with self.lock:
            self.groups[email.casefold()] = Group(email, name, tuple(members))
            self._store.write(
                [
                    ("group", 0, number, {"email": g.email, "name": g.name, "members": g.members})
                    for number, g in enumerate(self.groups.values(), 1)
                ]
            )

    def expand(self, email: str) -> list[str]:
        """The people behind an address: a list's members, those of lists in it too; otherwise the
        address itself."""
        found: dict[str, None] = {}
        seen: set[str] = set()
        waiting = [email]
        while waiting:
            address = waiting.pop(0)
            group = self.groups.get(address.casefold())
            if group is None:
                found[address] = None
            elif address.casefold() not in seen:
                seen.add(address.casefold())
                waiting += group.members
        return list(found)

    @property
    def states(self) -> list[MailboxState]:
        """The records behind all mailboxes."""
        return list(self._states.values())

    @property
    def domains(self) -> set[str]:
        """The domains of all mailboxes: each is a tenant of its own in Microsoft's directory."""
        return {email.rpartition("@")[2] for email in self._states}

    def note_sign_in(self, user: str, scheme: str, path: str, *, ok: bool) -> None:
        """Note an attempt to sign in."""
        self.sign_ins.append(SignIn(user, scheme, path, ok))

    def state_of(self, email: str) -> MailboxState | None:
        """The records behind an address; None when it has no mailbox here."""
        return self._states.get(email.casefold())

    def find_user(self, user: str) -> MailboxState | None:
        """The mailbox that signs in as ``user@domain``, ``DOMAIN\\user``; None."""
        wanted = user.strip().casefold()
        for state in self._states.values():
            if wanted in (state.account.email.casefold(), state.account.login.casefold()):
                return state
        return None

    def bearer(self, mailbox: str | Mailbox, seconds: float = 3600) -> str:
        """An access token that signs in to a mailbox until it expires. KeyError."""
        email = mailbox if isinstance(mailbox, str) else mailbox.email
        return self.tokens.issue(self._states[email.casefold()], seconds)

    @contextmanager
    def change(self) -> Iterator[None]:
        """Hold the lock; what changed is written when the (outermost) block ends, even by an
        error."""
        with self.lock:
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1
                if self._depth == 0:
                    self._save()

    def _save(self) -> None:
        lines = []
        for state in self._states.values():
            for (kind, num), record in state.dirty.items():
                box = 0 if kind == "mailbox" else state.account.num
                lines.append((kind, box, num, to_json(record)))
            state.dirty.clear()
        if lines:
            self._store.write(lines)

    # -- mail, faults, autodiscover ----------------------------------------------------------

    def post(self, mail: Mail) -> None:
        """Put a mail into the outbox."""
        with self.lock:
            self.outbox.append(mail)
            self._store.write([("mail", 0, len(self.outbox), dict(vars(mail)))])

    def fail_next(
        self,
        operation: str = ANY,
        kind: str = "503",
        *,
        mailbox: str | None = None,
        times: int | None = 1,
        backoff_ms: int | None = None,
        retry_after: str | None = None,
        seconds: float = 0.0,
    ) -> Fault:
        """Let the next request(s) of an operation (``*``: any) fail; ``times`` None: until it is
        cleared (``faults.clear``). See ``faults`` for the kinds."""
        return self.faults.add(
            Fault(operation, kind, mailbox, times, backoff_ms, retry_after, seconds)
        )

    def lose_sync_state(self, mailbox: str | Mailbox) -> None:
        """Make every SyncState handed out for a mailbox invalid."""
        email = mailbox if isinstance(mailbox, str) else mailbox.email
        with self.change():
            state = self._states[email.casefold()]
            state.account.sync_epoch += 1
            state.mark_account()

    def renumber_ids(self, mailbox: str | Mailbox) -> None:
        """Give everything in a mailbox another id, as when it was moved to another database: old
        ids of folders and items name nothing any more, and no SyncState is valid."""
        email = mailbox if isinstance(mailbox, str) else mailbox.email
        with self.change():
            state = self._states[email.casefold()]
            state.account.guid = secrets.token_hex(16)
            state.account.sync_epoch += 1
            state.take_guid()
            state.mark_account()

    def autodiscover_redirect(
        self,
        domain: str,
        *,
        address: str | None = None,
        url: str | None = None,
        location: str | None = None,
    ) -> None:
        """Let autodiscover answer a domain with redirectAddr, redirectUrl or an HTTP 302;
        nothing given: with the settings again."""
        if address is url is location is None:
            self.redirects.pop(domain.casefold(), None)
        else:
            self.redirects[domain.casefold()] = Redirect(address, url, location)

    def close(self) -> None:
        """Write what is left and close the file; subscriptions end."""
        self.notices.close()
        self.callbacks.close()
        with self.lock:
            self._save()
            self._store.close()
