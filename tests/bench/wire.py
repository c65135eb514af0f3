# SPDX-License-Identifier: GPL-3.0-or-later
"""Stands in the wire on loopback: adds time each way, counts connections and bytes, sees when a login is through.

A slow wire is `Delay` before `Watch`: the first holds raw bytes back, the second ends TLS and reads along.
"""
import asyncio
import re
import ssl
import threading
import time


class Loop:
    """An asyncio loop on a thread of its own."""

    def __init__(self):
        self.loop, self.servers = asyncio.new_event_loop(), []
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()

    def run(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(20)

    def close(self):
        async def stop():
            for server in self.servers:
                server.close()
            for _ in range(5):  # what is cancelled may have to cancel others
                tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
        self.run(stop())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(5)
        self.loop.close()


async def _close(*writers):
    for writer in writers:
        try:
            writer.transport.abort()
        except AttributeError:
            pass  # asyncio's TLS transports forget their protocol once they are closed


class Delay:
    """A port that leads to another one, `seconds` late in each direction."""

    def __init__(self, loop, target, seconds=0.0):
        self._target, self.seconds = target, seconds
        self.connections, self.accepted = 0, []
        self.bytes_out = self.bytes_in = 0
        self.port = loop.run(self._listen(loop))

    async def _listen(self, loop):
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        loop.servers.append(server)
        return server.sockets[0].getsockname()[1]

    async def _accept(self, reader, writer):
        self.connections += 1
        self.accepted.append(time.monotonic())
        inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", self._target)
        try:
            await asyncio.gather(self._pass(reader, inner_writer, "bytes_out"), self._pass(inner_reader, writer, "bytes_in"))
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            await _close(writer, inner_writer)

    async def _pass(self, reader, writer, counter):
        waiting = asyncio.Queue()

        async def write():
            while True:
                due, data = await waiting.get()
                await asyncio.sleep(max(0.0, due - time.monotonic()))
                if not data:
                    if writer.can_write_eof():
                        writer.write_eof()
                    return
                writer.write(data)
                await writer.drain()
        writing = asyncio.ensure_future(write())
        try:
            while True:
                data = await reader.read(65536)
                setattr(self, counter, getattr(self, counter) + len(data))
                waiting.put_nowait((time.monotonic() + self.seconds, data))
                if not data:
                    break
            await writing
        finally:
            writing.cancel()


#: The server's line that ends a login, after the client's line that began it.
_LOGIN = {"imap": (re.compile(rb"^\S+ (AUTHENTICATE|LOGIN)", re.I | re.M), re.compile(rb"^(?!\*|\+)\S+ OK", re.I | re.M)),
          "pop": (re.compile(rb"^AUTH \S", re.I | re.M), re.compile(rb"^\+OK", re.M)),
          "smtp": (re.compile(rb"^AUTH ", re.I | re.M), re.compile(rb"^235", re.M))}


class Watch:
    """A TLS port before a TLS port. `logins`: the time of each success; `turns`: how often the client spoke until then."""

    def __init__(self, loop, protocol, target, certificate):
        self._began, self._done = _LOGIN[protocol]
        self._target = target
        self.logins, self.turns = [], []
        self._server_tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._server_tls.load_cert_chain(*certificate)
        self._client_tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self._client_tls.check_hostname = False
        self._client_tls.verify_mode = ssl.CERT_NONE
        self.port = loop.run(self._listen(loop))

    async def _listen(self, loop):
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0, ssl=self._server_tls)
        loop.servers.append(server)
        return server.sockets[0].getsockname()[1]

    async def _accept(self, reader, writer):
        inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", self._target, ssl=self._client_tls)
        state = {"turns": 0, "theirs": True, "began": False, "through": False}
        try:
            await asyncio.gather(self._client(reader, inner_writer, state), self._server(inner_reader, writer, state))
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            await _close(writer, inner_writer)

    async def _client(self, reader, writer, state):
        while data := await reader.read(65536):
            if state["theirs"] and not state["through"]:
                state["turns"] += 1
            state["theirs"] = False
            state["began"] = state["began"] or bool(self._began.search(data))
            writer.write(data)
            await writer.drain()
        await _close(writer)

    async def _server(self, reader, writer, state):
        while data := await reader.read(65536):
            state["theirs"] = True
            if state["began"] and not state["through"] and self._done.search(data):
                state["through"] = True
                self.logins.append(time.monotonic())
                self.turns.append(state["turns"])
            writer.write(data)
            await writer.drain()
        await _close(writer)
