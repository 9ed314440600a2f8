"""Where a source's connections lead: to the host that its author wrote, at an address that may be reached."""

from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from streamsrv.config import SourceSettings
from streamsrv.core.errors import Invalid
from streamsrv.sources import open_sources
from tests.sources import stub
from tests.sources.asking import GOOD, asked_once, asking, campaign
from tests.sources.stub import Names, serving


@pytest.mark.parametrize("address", ["127.0.0.1", "::ffff:127.0.0.1", "0.0.0.0", "::1", "169.254.169.254", "10.0.0.1"])
async def test_a_name_that_leads_somewhere_private_is_refused_without_a_connection(
    stack: AsyncExitStack, address: str
) -> None:
    server = await stack.enter_async_context(serving(stub.json(GOOD)))
    names = Names({"crm.example.com": [[address]]})
    one = await asking(stack, f"http://crm.example.com:{server.port}", names=names, private=())

    assert ({}, ["source crm: refused"]) == await one.ask(campaign(server.port, host="crm.example.com"))
    assert (["crm.example.com"], 0) == (names.asked, server.connections)


async def test_a_name_with_one_private_address_among_public_ones_is_refused(stack: AsyncExitStack) -> None:
    names = Names({"crm.example.com": [["93.184.215.14", "127.0.0.1"]]})
    one = await asking(stack, "http://crm.example.com", names=names, private=())

    assert ({}, ["source crm: refused"]) == await one.ask(campaign(80, host="crm.example.com"))


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
async def test_an_address_written_out_is_checked_as_well(stack: AsyncExitStack, host: str) -> None:
    server = await stack.enter_async_context(serving(stub.json(GOOD), host=host))
    listed = f"http://[{host}]:{server.port}" if ":" in host else f"http://{host}:{server.port}"
    told = campaign(server.port, host=host)

    assert ({}, ["source crm: refused"]) == await (await asking(stack, listed, private=())).ask(told)
    assert 0 == server.connections
    assert [] == (await (await asking(stack, listed)).ask(told))[1]


async def test_a_name_that_means_something_else_a_moment_later_still_leads_nowhere_private(
    stack: AsyncExitStack,
) -> None:
    server = await stack.enter_async_context(serving(stub.json(GOOD)))
    # What DNS rebinding does: the first answer may be reached (it is allowed here), the next may not.
    allowed = await stack.enter_async_context(serving(stub.raw(b"", then_close=True), host="127.0.0.2"))
    names = Names({"crm.example.com": [["127.0.0.2"], ["127.0.0.1"]]})
    hosts = [f"http://crm.example.com:{port}" for port in (allowed.port, server.port)]
    one = await asking(stack, *hosts, names=names, private=("127.0.0.2/32",))

    first = await one.ask(campaign(allowed.port, host="crm.example.com"))
    second = await one.ask(campaign(server.port, host="crm.example.com"))
    assert [["source crm: unreachable"], ["source crm: refused"]] == [first[1], second[1]]
    assert (0, 2) == (server.connections, len(names.asked))


async def test_a_name_is_resolved_once_for_one_request_and_the_connection_goes_to_that_address(
    stack: AsyncExitStack,
) -> None:
    server = await stack.enter_async_context(serving(stub.json(GOOD), host="127.0.0.3"))
    names = Names({"crm.example.com": [["127.0.0.3"], ["127.0.0.1"]]})
    one = await asking(stack, f"http://crm.example.com:{server.port}", names=names)

    assert [] == (await one.ask(campaign(server.port, host="crm.example.com")))[1]
    assert (["crm.example.com"], f"crm.example.com:{server.port}") == (names.asked, server.asked[0].headers["host"])


async def test_a_redirect_is_not_followed(stack: AsyncExitStack) -> None:
    other = await stack.enter_async_context(serving(stub.json(GOOD)))
    extra = f"Location: http://127.0.0.1:{other.port}/\r\n"

    assert ({}, ["source crm: bad_answer"]) == await asked_once(stack, stub.body(b"{}", status="301 Go", extra=extra))
    assert [] == other.asked


async def test_no_proxy_of_the_environment_is_used(stack: AsyncExitStack, monkeypatch: pytest.MonkeyPatch) -> None:
    proxy = await stack.enter_async_context(serving(stub.json(GOOD)))
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")

    assert [] == (await asked_once(stack, stub.json(GOOD)))[1]
    assert [] == proxy.asked


async def test_cookies_are_not_kept(stack: AsyncExitStack) -> None:
    server = await stack.enter_async_context(serving(stub.body(b"{}", extra="Set-Cookie: a=b; Path=/\r\n")))
    one = await asking(stack, f"http://127.0.0.1:{server.port}")
    for viewer in ("anna", "bert"):
        await one.ask(campaign(server.port), viewer)

    assert [False, False] == ["cookie" in request.headers for request in server.asked]


async def test_over_tls_the_certificate_and_the_name_are_those_of_the_host(
    stack: AsyncExitStack, tmp_path: Path
) -> None:
    ca_file, tls = stub.certificate(tmp_path, "crm.example.com")
    server = await stack.enter_async_context(serving(stub.json(GOOD), tls=tls))
    names = Names({"crm.example.com": [["127.0.0.1"]], "other.example.com": [["127.0.0.1"]]})
    hosts = [f"{name}.example.com:{server.port}" for name in ("crm", "other")]
    trusting = await asking(stack, *hosts, names=names, ca_file=ca_file, budget_ms=2_000)
    wary = await asking(stack, *hosts, names=names, budget_ms=2_000)
    right, other = (campaign(server.port, scheme="https", host=f"{name}.example.com") for name in ("crm", "other"))

    assert [] == (await trusting.ask(right))[1]
    assert ["crm.example.com"] == server.server_names
    assert [["source crm: unreachable"]] * 2 == [(await trusting.ask(other))[1], (await wary.ask(right))[1]]
    assert 1 == len(server.asked)


async def test_a_file_of_authorities_that_cannot_be_read_is_found_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("x")
    for name in ("none.pem", "ca.pem"):
        with pytest.raises(Invalid, match=r"^sources\.ca_file: cannot be read"):
            async with open_sources(SourceSettings(ca_file=tmp_path / name), ()):
                pass
