"""Bytes that two servers in a row could take apart differently: refused, and what follows is not answered (B29).

The C parser does it; a process without it would fail the first test here.
"""

import asyncio
import re

import aiohttp.http_parser

from tests.web.conftest import Site

SECOND = b"GET /watch HTTP/1.1\r\nHost: t\r\nX-Second: yes\r\n\r\n"
POST = b"POST /v/x/sessions HTTP/1.1\r\nHost: t\r\n"
REFUSED: dict[str, bytes] = {
    "both lengths": POST + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "both lengths, the other way round": POST + b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
    "two lengths": POST + b"Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcd",
    "a list of lengths": POST + b"Content-Length: 4, 5\r\n\r\nabcd",
    "a signed length": POST + b"Content-Length: +4\r\n\r\nabcd",
    "a negative length": POST + b"Content-Length: -4\r\n\r\nabcd",
    "a length in hex": POST + b"Content-Length: 0x4\r\n\r\nabcd",
    "a length in other digits": POST + "Content-Length: ٤\r\n\r\nabcd".encode(),
    "a length in full width": POST + "Content-Length: ４\r\n\r\nabcd".encode(),
    "a length with a tab in it": POST + b"Content-Length: 4\t5\r\n\r\nabcd",
    "a length beyond numbers": POST + b"Content-Length: 99999999999999999999999999\r\n\r\n",
    "a coding that is not chunked": POST + b"Transfer-Encoding: identity, xchunked\r\n\r\n0\r\n\r\n",
    "chunked not last": POST + b"Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n",
    "a coding split by a tab": POST + b"Transfer-Encoding:\x0bchunked\r\n\r\n0\r\n\r\n",
    "a folded coding": POST + b"Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n",
    "a folded header": POST + b"X-A: b\r\n c: d\r\n\r\n",
    "a space before the colon": POST + b"Content-Length : 4\r\n\r\nabcd",
    "a name with a space": POST + b"Content Length: 4\r\n\r\nabcd",
    "a name that is not ASCII": POST + "Contént-Length: 4\r\n\r\nabcd".encode(),
    "a zero byte in a value": POST + b"X-A: b\x00c\r\n\r\n",
    "a lone CR in a value": POST + b"X-A: b\rContent-Length: 4\r\n\r\nabcd",
    "lines that end in LF": b"POST /v/x/sessions HTTP/1.1\nHost: t\nContent-Length: 4\n\nabcd",
    "a header that ends in LF": POST + b"X-A: b\nContent-Length: 4\r\n\r\nabcd",
    "a chunk of a negative size": POST + b"Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n0\r\n\r\n",
    "a chunk whose size has a prefix": POST + b"Transfer-Encoding: chunked\r\n\r\n0x1\r\na\r\n0\r\n\r\n",
    "a chunk whose size is in other digits": POST + "Transfer-Encoding: chunked\r\n\r\n٤\r\nabcd\r\n0\r\n\r\n".encode(),
    "a chunk that ends in LF": POST + b"Transfer-Encoding: chunked\r\n\r\n1\na\n0\n\n",
    "a chunk that is longer than its size": POST + b"Transfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n0\r\n\r\n",
    "a chunk size beyond numbers": POST + b"Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\na\r\n0\r\n\r\n",
    "a target with a space": b"GET /wat ch HTTP/1.1\r\nHost: t\r\n\r\n",
    "a version that is none": b"GET /watch HTTP/1.1x\r\nHost: t\r\n\r\n",
    "a version of other digits": "GET /watch HTTP/1.١\r\nHost: t\r\n\r\n".encode(),
}


def test_the_c_parser_is_there() -> None:
    assert aiohttp.http_parser.HttpRequestParser is not aiohttp.http_parser.HttpRequestParserPy


async def answers(site: Site, data: bytes) -> list[bytes]:
    """The status of every answer that comes for `data` until the server closes."""
    reader, writer = await site.connect()
    writer.write(data)
    try:
        reply = await asyncio.wait_for(reader.read(), 10)
    finally:
        writer.close()
    return re.findall(rb"HTTP/1\.1 (\d{3}) ", reply)


async def test_what_could_be_read_in_two_ways_is_refused_with_all_that_follows(site: Site) -> None:
    found = {name: await answers(site, data + SECOND) for name, data in REFUSED.items()}

    # The head may be answered before its body turns out to be wrong; the second request never is.
    assert {} == {name: statuses for name, statuses in found.items() if statuses not in ([b"400"], [b"404"], [b"413"])}


async def test_two_whole_requests_in_one_piece_are_two_answers(site: Site) -> None:
    last = SECOND.replace(b"X-Second: yes", b"Connection: close")

    assert [b"200", b"200"] == await answers(site, SECOND + last)
    assert [b"400", b"200"] == await answers(
        site, POST + b"Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n" + last
    )
