"""A server that answers a source well or badly, in every way that is asked of it, and remembers what it was asked."""

import asyncio
import datetime
import ipaddress
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import orjson
from aiohttp.abc import AbstractResolver, ResolveResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

Respond = Callable[["Asked", asyncio.StreamWriter], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it came."""

    line: str
    headers: Mapping[str, str]


@dataclass
class Stub:
    """A server on a free port of this machine. Speaks HTTP by hand, so that it can speak it badly."""

    respond: Respond
    port: int = 0
    asked: list[Asked] = field(default_factory=list)
    connections: int = 0
    server_names: list[str | None] = field(default_factory=list)
    tasks: set["asyncio.Task[object]"] = field(default_factory=set)

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        task = asyncio.current_task()
        assert task is not None
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                first, *rest = head.decode("latin-1").strip().split("\r\n")
                pairs = (line.split(": ", 1) for line in rest)
                one = Asked(first, {name.lower(): value for name, value in pairs})
                self.asked.append(one)
                await self.respond(one, writer)
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # The test is over, or whoever asked has gone.
        finally:
            writer.close()


def body(data: bytes, *, status: str = "200 OK", content_type: str = "application/json", extra: str = "") -> Respond:
    """The whole answer at once."""
    head = f"HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nContent-Length: {len(data)}\r\n{extra}\r\n"
    return raw(head.encode() + data)


def json(document: object) -> Respond:
    return body(orjson.dumps(document))


def raw(data: bytes, *, then_close: bool = False) -> Respond:
    """These bytes, whatever they are."""

    async def respond(_: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        if then_close:
            raise ConnectionError

    return respond


async def hang(_: Asked, __: asyncio.StreamWriter) -> None:
    """Never answers."""
    await asyncio.Event().wait()


async def drip(_: Asked, writer: asyncio.StreamWriter) -> None:
    """Answers a byte at a time, for ever."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n{")
    while True:
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.02)


async def huge(_: Asked, writer: asyncio.StreamWriter) -> None:
    """Answers without an end, as fast as it is read."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        writer.write(b"4000\r\n" + b" " * 0x4000 + b"\r\n")
        await writer.drain()


@asynccontextmanager
async def serving(
    respond: Respond, *, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None
) -> AsyncIterator[Stub]:
    """A stub that is listening."""
    stub = Stub(respond)
    if tls is not None:
        tls.sni_callback = lambda _, name, __: stub.server_names.append(name)
    server = await asyncio.start_server(stub, host, 0, ssl=tls)
    stub.port = server.sockets[0].getsockname()[1]
    try:
        yield stub
    finally:
        server.close()
        while stub.tasks:
            for task in stub.tasks:
                task.cancel()
            await asyncio.wait(set(stub.tasks))


class Names(AbstractResolver):
    """A resolver of names made up for a test. Of several answers each is given once, the last for ever."""

    def __init__(self, answers: Mapping[str, Sequence[Sequence[str]]]) -> None:
        self._answers = {name: list(found) for name, found in answers.items()}
        self.asked: list[str] = []

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        self.asked.append(host)
        answers = self._answers.get(host, [[]])
        found = answers.pop(0) if len(answers) > 1 else answers[0]
        return [
            {
                "hostname": host, "host": address, "port": port,
                "family": socket.AF_INET6 if ":" in address else socket.AF_INET, "proto": 0, "flags": 0,
            }
            for address in found
        ]  # fmt: skip

    async def close(self) -> None:
        pass


def certificate(folder: Path, name: str) -> tuple[Path, ssl.SSLContext]:
    """A certificate for `name` that signs itself: its file, and what a server needs."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    try:
        named: x509.GeneralName = x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        named = x509.DNSName(name)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([named]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    public, private = folder / "ca.pem", folder / "key.pem"
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    return public, context
