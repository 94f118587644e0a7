"""The operator's settings, read once from the environment."""

import os
import stat
from dataclasses import dataclass, field
from pathlib import Path

from andock_core import logs
from andock_core.embedded import valkey_in
from andock_core.files import private_file
from andock_core.mail.server import BadAddress, parse
from andock_core.storage.tables.audit import SHORTEST_DAYS

RING_FILE = "vault.keys"


class SettingsError(Exception):
    """A setting cannot be used. The message names it and says what it should look like."""


@dataclass(frozen=True)
class Settings:
    """Where things are and what the operator allows.

    `egress_allow` holds "host:port" pairs that may be called although their address is private
    or loopback; `egress_private` allows all private ranges. `servers` maps mail domains to the
    Exchange server ("host" or "host:port") that answers for them, as Outlook's local
    autodiscover setting does. `ca_files` are PEM bundles trusted besides
    the system's. `journal_days`: for how long the journals of the runs are kept; `audit_days`: for
    how long the audit log is. `rotates`: the keys lie in the data folder, where a new one may be
    put first. `smtp_url`: the server that takes mail (see `andock_core.mail.server`), or "".
    `trace_hooks`: each call of a plugin's code is logged. `developer`: there is a page about
    plugins, and they are loaded anew when their source changes.
    """

    home: Path
    database_url: str
    redis_url: str
    base_url: str = "http://127.0.0.1:8600"
    keys: tuple[str, ...] = field(default=(), repr=False)
    rotates: bool = False
    session_key: str = field(default="", repr=False)
    metrics_token: str = field(default="", repr=False)
    ca_files: tuple[Path, ...] = ()
    egress_private: bool = False
    egress_allow: frozenset[str] = frozenset()
    servers: dict[str, str] = field(default_factory=dict)
    journal_days: int = 90
    audit_days: int = 730
    smtp_url: str = field(default="", repr=False)
    trace_hooks: bool = False
    developer: bool = False

    @property
    def secure_cookies(self) -> bool:
        """Cookies travel over https only, unless the site itself is plain http on loopback."""
        return self.base_url.startswith("https://")


def load(environ: dict[str, str] | None = None) -> Settings:
    """Settings from the environment. Creates the data folder and its keys on first use.

    Raises SettingsError with the name of the setting that is wrong.
    """
    env = dict(os.environ if environ is None else environ)
    _one_of(env, logs.SETTING, ("", *logs.FORMATS))  # read where logs are set up
    _whole(env, "ANDOCK_LEASE_SECONDS", 60, range(1, 3601))  # read where leases are (jobs/lease.py)
    home = Path(env.get("ANDOCK_HOME") or "var").absolute()
    try:
        home.mkdir(parents=True, exist_ok=True, mode=stat.S_IRWXU)
    except OSError as error:
        raise SettingsError(f"ANDOCK_HOME: {home} cannot be created: {error.strerror}") from error
    return Settings(
        home=home,
        database_url=env.get("DATABASE_URL") or f"sqlite:///{home / 'andock.db'}",
        redis_url=env.get("REDIS_URL") or valkey_in(home).url,
        base_url=(env.get("ANDOCK_BASE_URL") or "http://127.0.0.1:8600").rstrip("/"),
        keys=_keys(env, home),
        rotates=not _words(env, "ANDOCK_KEYS"),
        session_key=env.get("ANDOCK_SESSION_KEY") or private_file(home / "session.key"),
        metrics_token=env.get("ANDOCK_METRICS_TOKEN", "").strip(),
        ca_files=_files(env, "ANDOCK_CA_FILE"),
        egress_private=_switch(env, "ANDOCK_EGRESS_PRIVATE"),
        egress_allow=frozenset(_words(env, "ANDOCK_EGRESS_ALLOW")),
        servers=_table(env, "ANDOCK_SERVERS"),
        trace_hooks=_switch(env, "ANDOCK_TRACE_HOOKS"),
        developer=_switch(env, "ANDOCK_DEVELOPER"),
        journal_days=_whole(env, "ANDOCK_JOURNAL_DAYS", 90, range(2, 3651)),
        audit_days=_whole(env, "ANDOCK_AUDIT_DAYS", 730, range(SHORTEST_DAYS, 3651)),
        smtp_url=_mail_server(env, "ANDOCK_SMTP_URL"),
    )


def _keys(env: dict[str, str], home: Path) -> tuple[str, ...]:
    given = _words(env, "ANDOCK_KEYS")
    return tuple(given) if given else key_ring(home)


def key_ring(home: Path) -> tuple[str, ...]:
    """The keys in the data folder, the sealing one first; made when there are none."""
    return tuple(private_file(home / RING_FILE).split())


def _words(env: dict[str, str], name: str) -> list[str]:
    return [word.strip() for word in env.get(name, "").split(",") if word.strip()]


def _switch(env: dict[str, str], name: str) -> bool:
    value = env.get(name, "").strip().lower()
    if value in ("", "0", "no", "off", "false"):
        return False
    if value in ("1", "yes", "on", "true"):
        return True
    raise SettingsError(f"{name}: expected 1 or 0, not {value!r}")


def _whole(env: dict[str, str], name: str, default: int, allowed: range) -> int:
    value = env.get(name, "").strip()
    if not value:
        return default
    if not value.isdecimal() or int(value) not in allowed:
        span = f"from {allowed[0]} to {allowed[-1]}"
        raise SettingsError(f"{name}: expected a whole number {span}, not {value!r}")
    return int(value)


def _one_of(env: dict[str, str], name: str, allowed: tuple[str, ...]) -> None:
    value = env.get(name, "").strip()
    if value not in allowed:
        raise SettingsError(f"{name}: expected {' or '.join(filter(None, allowed))}, not {value!r}")


def _files(env: dict[str, str], name: str) -> tuple[Path, ...]:
    paths = tuple(Path(word) for word in _words(env, name))
    for path in paths:
        if not path.is_file():
            raise SettingsError(f"{name}: {path} is not a file")
    return paths


def _mail_server(env: dict[str, str], name: str) -> str:
    given = env.get(name, "").strip()
    if given:
        try:
            parse(given)
        except BadAddress as error:
            raise SettingsError(f"{name}: {error}") from error
    return given


def _table(env: dict[str, str], name: str) -> dict[str, str]:
    table: dict[str, str] = {}
    for word in _words(env, name):
        domain, sep, server = word.partition("=")
        if not (sep and domain and server):
            raise SettingsError(f"{name}: expected domain=server, not {word!r}")
        table[domain.strip().lower()] = server.strip()
    return table
