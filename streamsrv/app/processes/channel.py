"""Messages in order over a socket pair, each with its length in front."""

import asyncio
import socket
import struct
from contextlib import suppress

from streamsrv.app.processes.messages import Message, parse_message, write_message
from streamsrv.core.errors import Invalid

_LENGTH = struct.Struct(">I")
MAX_MESSAGE_BYTES = 256 * 1024 * 1024
"""Far above the campaigns of any server: more is not ours."""


class Channel:
    """One end. `send` and `receive` from one task each."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @staticmethod
    async def over(end: socket.socket) -> "Channel":
        """The channel over this end of a socket pair, which it owns from now on."""
        end.setblocking(False)
        return Channel(*await asyncio.open_unix_connection(sock=end))

    def send(self, message: Message) -> None:
        """Hand a message over; does nothing where the other end is gone, which `receive` tells."""
        data = write_message(message)
        if not self._writer.is_closing():
            self._writer.write(_LENGTH.pack(len(data)) + data)

    async def receive(self) -> Message | None:
        """The next message; None when the other end is gone, or is no end of ours."""
        try:
            (length,) = _LENGTH.unpack(await self._reader.readexactly(_LENGTH.size))
            if length > MAX_MESSAGE_BYTES:
                return None
            return parse_message(await self._reader.readexactly(length))
        except (asyncio.IncompleteReadError, ConnectionError, Invalid):
            return None

    async def aclose(self) -> None:
        """Send what is left, and close."""
        self._writer.close()
        with suppress(ConnectionError):
            await self._writer.wait_closed()
