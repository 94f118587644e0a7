"""Several clients at a time, and connections that stay open."""

import http.client
import ssl
import threading
from concurrent.futures import ThreadPoolExecutor

from andock_sandbox import Mailbox, Sandbox
from andock_sandbox.server import SandboxServer
from tests.sandbox.client import Client, ServerFactory, envelope, item, setting
from tests.sandbox.exchange_client import utc


def test_writers_and_readers_at_once(server: SandboxServer, anna: Mailbox) -> None:
    """Every entry arrives once, every answer is whole."""

    def write(number: int) -> list[str]:
        client = Client(server)
        return [
            *client.create(f"<t:Subject>{number}</t:Subject>").codes,
            *client.sync().codes,
        ]

    with ThreadPoolExecutor(4) as pool:
        codes = [code for found in pool.map(write, range(12)) for code in found]
    assert set(codes) == {"NoError"}
    assert sorted(int(event["subject"]) for event in anna.events()) == list(range(12))


def test_of_two_conditional_writers_one_wins(server: SandboxServer, anna: Mailbox) -> None:
    """NeverOverwrite with the same change key."""
    made = anna.add_event(anna.calendar, "A", utc(2026, 11, 24, 9), utc(2026, 11, 24, 10))
    key = Client(server).get(made).text("//t:ItemId/@ChangeKey")

    def write(number: int) -> str:
        update = setting("item:Subject", f"<t:Subject>{number}</t:Subject>")
        return Client(server).update(item(made, key), update, mode="NeverOverwrite").codes[0]

    with ThreadPoolExecutor(6) as pool:
        codes = list(pool.map(write, range(6)))
    assert sorted(codes) == [*["ErrorIrresolvableConflict"] * 5, "NoError"]


def test_a_connection_is_kept(server: SandboxServer, client: Client) -> None:
    """Many requests on one, and a silent one holds up nobody."""
    context = ssl.create_default_context(cafile=str(server.ca_file))
    kept = http.client.HTTPSConnection("127.0.0.1", server.port, timeout=5, context=context)
    for _ in range(3):
        kept.request("GET", "/EWS/Exchange.asmx")
        answer = kept.getresponse()
        assert (answer.status, answer.read()) == (401, b"")
    assert client.find("").status == 200
    kept.close()


def test_a_chunked_request_is_read(client: Client) -> None:
    """Transfer-Encoding instead of a length."""
    body = envelope("<m:GetServerTimeZones ReturnFullTimeZoneData='false'/>")
    sent = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
    reply = client.request(sent, **{"Transfer-Encoding": "chunked", "Content-Length": ""})
    assert reply.codes == ["NoError"]


def test_a_stopped_server_leaves_nothing(serve: ServerFactory, box: Sandbox) -> None:
    """No thread that listens; the port is free again."""
    before = set(threading.enumerate())  # other tests' servers may still be there
    server = serve()
    port = server.port
    assert {thread.name for thread in set(threading.enumerate()) - before} >= {"sandbox"}
    server.stop()
    assert not set(threading.enumerate()) - before
    again = SandboxServer(box, port=port, tls_home=server.ca_file.parent)
    again.start()
    again.stop()
