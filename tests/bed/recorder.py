# SPDX-License-Identifier: GPL-3.0-or-later
"""Stands between the clients and the mail servers and keeps every byte.

Ends the client's TLS and makes its own to the server, at once or when a STARTTLS has been
agreed; the bytes themselves pass unchanged. Runs on the asyncio loop it is given.
"""
import asyncio
import re
import ssl

_STARTTLS = {
    "imap": (re.compile(rb"^(\S+) STARTTLS\r?\n$", re.I), lambda match, line: line.split(b" ")[0] == match[1],
             lambda line: b" OK" in line[:80].upper()),
    "pop": (re.compile(rb"^STLS\r?\n$", re.I), lambda match, line: True, lambda line: line.startswith(b"+OK")),
    "smtp": (re.compile(rb"^STARTTLS\r?\n$", re.I), lambda match, line: True, lambda line: line.startswith(b"220")),
}


def _drop(writer):
    try:
        writer.transport.abort()
    except AttributeError:
        pass  # asyncio's TLS transports forget their protocol once they are closed


class Conversation:
    """What one connection carried. `tls_from` counts the client's bytes before TLS began;
    None when it never did."""

    def __init__(self, port, number):
        self.port, self.number = port, number
        self.client, self.server = bytearray(), bytearray()
        self.tls_from, self.open = None, True

    def as_json(self):
        return {"connection": self.number, "port": self.port, "open": self.open, "tls_from": self.tls_from,
                "client": self.client.decode("latin-1"), "server": self.server.decode("latin-1")}


class Recorder:
    """All the recorded ports of a bed. Only its own loop may touch it."""

    def __init__(self, certificate):
        self.conversations = []
        self.down = set()
        self._numbers = 0
        self._server_tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._server_tls.load_cert_chain(*certificate)
        self._client_tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self._client_tls.check_hostname = False
        self._client_tls.verify_mode = ssl.CERT_NONE
        self._servers, self._tasks = [], set()

    async def listen(self, name, protocol, target, implicit_tls):
        """Opens a port on 127.0.0.1, and on ::1 if there is one; returns its number."""
        async def accept(reader, writer):
            task = asyncio.current_task()
            self._tasks.add(task)
            try:
                await self._converse(name, protocol, target, implicit_tls, reader, writer)
            finally:
                self._tasks.discard(task)
        tls = self._server_tls if implicit_tls else None
        server = await asyncio.start_server(accept, "127.0.0.1", 0, ssl=tls)
        self._servers.append(server)
        port = server.sockets[0].getsockname()[1]
        try:
            self._servers.append(await asyncio.start_server(accept, "::1", port, ssl=tls))
        except OSError:
            pass  # a machine without IPv6, or the port is taken there
        return port

    async def close(self):
        for server in self._servers:
            server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def hang_up(self):
        """Cuts every connection that is open."""
        for task in list(self._tasks):
            task.cancel()

    async def _converse(self, name, protocol, target, implicit_tls, reader, writer):
        if name in self.down:
            _drop(writer)
            return
        self._numbers += 1
        talk = Conversation(name, self._numbers)
        talk.tls_from = 0 if implicit_tls else None
        self.conversations.append(talk)
        far = None
        try:
            # From another address than the server's own, or Dovecot calls clear text secure.
            far_reader, far = await asyncio.open_connection(
                *target, ssl=self._client_tls if implicit_tls else None,
                local_addr=("127.0.0.2", 0))
            if not implicit_tls:
                await self._until_tls(protocol, talk, (reader, writer), (far_reader, far))
            await self._pass_on(talk, (reader, writer), (far_reader, far))
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError, ssl.SSLError):
            pass  # one side is gone: so is the conversation
        finally:
            talk.open = False
            for side in (writer, far):
                if side is not None:
                    _drop(side)

    async def _pass_on(self, talk, near, far):
        async def pump(source, sink, record):
            while data := await source.read(65536):
                record += data
                sink.write(data)
                await sink.drain()
            if sink.can_write_eof():
                sink.write_eof()
            else:
                sink.close()
        await asyncio.gather(pump(near[0], far[1], talk.client), pump(far[0], near[1], talk.server))

    async def _until_tls(self, protocol, talk, near, far):
        """Passes lines until both sides agreed on TLS, then switches both, the server first."""
        command, is_answer, is_agreed = _STARTTLS[protocol]
        asked = asyncio.get_running_loop().create_future()

        async def from_client():
            while line := await near[0].readline():
                talk.client += line
                match = command.match(line)
                if match:
                    asked.set_result(match)
                far[1].write(line)
                await far[1].drain()
                if match:
                    return
            far[1].close()

        async def from_server():
            while line := await far[0].readline():
                talk.server += line
                if asked.done() and is_answer(asked.result(), line):
                    if is_agreed(line):
                        await far[1].start_tls(self._client_tls)
                        near[1].transport.pause_reading()
                    near[1].write(line)
                    await near[1].drain()
                    return is_agreed(line)
                near[1].write(line)
                await near[1].drain()
            near[1].close()
            return False

        _, agreed = await asyncio.gather(from_client(), from_server())
        if agreed:
            talk.tls_from = len(talk.client)
            await near[1].start_tls(self._server_tls)
