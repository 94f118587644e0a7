"""A TCP forwarder that counts bytes and can lie far away: each direction waits half the latency."""

import asyncio
import threading
from contextlib import suppress


class Forwarder:
    """Listens on a port of this machine and passes everything on to `target`. `latency`, in
    seconds, is what one round trip takes longer; it may be changed at any time."""

    def __init__(self, target: int, latency: float = 0.0) -> None:
        self.latency = latency
        self.bytes = 0
        self.port = 0
        self._target = target
        self._listening = threading.Event()
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._run, daemon=True).start()
        self._listening.wait(5)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(
            asyncio.start_server(self._accept, "127.0.0.1", 0, limit=2**20)
        )
        self.port = int(server.sockets[0].getsockname()[1])
        self._listening.set()
        self._loop.run_forever()

    async def _accept(self, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        far, on = await asyncio.open_connection("127.0.0.1", self._target, limit=2**20)
        await asyncio.gather(self._pass(near, on), self._pass(far, back))

    async def _pass(self, source: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
        """Everything in order, each piece held back for half the latency from its arrival."""
        waiting: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

        async def send() -> None:
            while True:
                due, piece = await waiting.get()
                delay = due - self._loop.time()
                if delay > 0:
                    await asyncio.sleep(delay)
                if not piece:
                    break
                to.write(piece)
                await to.drain()
            with suppress(OSError):
                to.write_eof() if to.can_write_eof() else to.close()

        sending = asyncio.ensure_future(send())
        with suppress(OSError):
            while piece := await source.read(2**18):
                self.bytes += len(piece)
                waiting.put_nowait((self._loop.time() + self.latency / 2, piece))
        waiting.put_nowait((self._loop.time() + self.latency / 2, b""))
        with suppress(OSError):
            await sending
        to.close()
