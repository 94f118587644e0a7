"""Whether a port is free, and whether what was started answers."""

import http.client
import socket
import ssl
from pathlib import Path
from urllib.parse import urlsplit

from andock_demo.settings import LOOPBACK, CannotStart

SECONDS = 3


def require_free_port(port: int, variable: str, purpose: str) -> None:
    """Raise CannotStart when another program listens on a port that the demo needs."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except PermissionError:
            problem = "needs root"
        except OSError:
            problem = "is taken by another program"
        else:
            return
    raise CannotStart(
        f"Port {port}, for {purpose}, {problem}.\n"
        f"Choose another one with {variable}, for example: {variable}={port + 11} make run"
    )


def web_answers(url: str) -> bool:
    """Whether the site says that it is well."""
    return _status(url + "/healthz") == http.HTTPStatus.OK


def exchange_answers(url: str, ca_file: Path) -> bool:
    """Whether the stand-in answers over a connection that its authority vouches for."""
    if not ca_file.is_file():
        return False
    return _status(url, ssl.create_default_context(cafile=str(ca_file))) is not None


def _status(url: str, context: ssl.SSLContext | None = None) -> int | None:
    """HTTP status of a GET, None without an answer. Never goes through a proxy."""
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port
    connection = (
        http.client.HTTPSConnection(host, port, timeout=SECONDS, context=context)
        if context
        else http.client.HTTPConnection(host, port, timeout=SECONDS)
    )
    try:
        connection.request("GET", parts.path or "/")
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
