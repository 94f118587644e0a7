"""A listener for push notifications on this machine, by http or https."""

import ssl
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue

from andock_sandbox.soap import MESSAGES, SOAP

ANSWER = (
    f'<s:Envelope xmlns:s="{SOAP}"><s:Body><SendNotificationResult xmlns="{MESSAGES}">'
    "<SubscriptionStatus>%s</SubscriptionStatus></SendNotificationResult></s:Body></s:Envelope>"
)


class Listener:
    """Keeps the bodies it is called with; answers what ``reply`` makes of each (empty: 500)."""

    def __init__(
        self,
        reply: Callable[[bytes], str] = lambda body: "OK",
        context: ssl.SSLContext | None = None,
    ) -> None:
        self.calls: Queue[bytes] = Queue()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            """One call."""

            def do_POST(self) -> None:
                """Note it and answer."""
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status = reply(body)
                given = (ANSWER % status).encode() if status else b""
                outer.calls.put(body)
                self.send_response(200 if status else 500)
                self.send_header("Content-Length", str(len(given)))
                self.end_headers()
                self.wfile.write(given)

            def log_message(self, format: str, *args: object) -> None:
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        if context is not None:
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        scheme = "http" if context is None else "https"
        self.url = f"{scheme}://127.0.0.1:{self._server.server_address[1]}/hear"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def next(self) -> bytes:
        """The next call's body."""
        return self.calls.get(timeout=5)

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()
