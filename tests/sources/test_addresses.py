"""Which addresses may be reached: every way to write one that is not public is refused."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamsrv.sources.addresses import NEVER, may_reach, networks

PUBLIC = ["1.1.1.1", "8.8.8.8", "93.184.215.14", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "2a00:1450::8",
          "::ffff:8.8.8.8", "64:ff9b::808:808"]  # fmt: skip
NOT_PUBLIC = [
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.255.255.254",
    "169.254.1.1", "169.254.169.254", "169.254.170.2", "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.2.1",
    "192.88.99.1", "192.168.0.1", "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1",
    "239.255.255.250", "240.0.0.1", "255.255.255.255", "168.63.129.16", "100.100.100.200",
    "::", "::1", "::7f00:1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254",
    "::ffff:0:127.0.0.1", "64:ff9b::127.0.0.1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "64:ff9b:1::8.8.8.8", "100::1",
    "2001::1", "2001:0:53aa:64c:0:fbff:f7f7:f7f7", "2001:db8::1", "2002:7f00:1::", "2002:808:808::", "fc00::1",
    "fd00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "3fff::1", "5f00::1", "4000::1",
    "2606:4700:0:0:0:5efe:7f00:1", "2606:4700:0:0:200:5efe:a00:1",
]  # fmt: skip
NO_ADDRESS = ["", "localhost", "2130706433", "0x7f.1", "0177.0.0.1", "127.1", "1.2.3", "1.2.3.4.5", "1.2.3.4 ", "[::1]",
              "01.2.3.4", "１.1.1.1"]  # fmt: skip


@pytest.mark.parametrize("address", PUBLIC)
def test_what_is_public_may_be_reached(address: str) -> None:
    assert may_reach(address)


@pytest.mark.parametrize("address", [*NOT_PUBLIC, *NO_ADDRESS])
def test_what_is_not_public_may_not(address: str) -> None:
    assert not may_reach(address)


@pytest.mark.parametrize(
    ("address", "reached"),
    [
        ("10.1.2.3", True),
        ("::ffff:10.1.2.3", True),
        ("64:ff9b::10.1.2.3", True),
        ("10.2.0.1", False),
        ("fd12::1", True),
        ("127.0.0.1", False),
        ("169.254.169.254", False),
        ("8.8.8.8", True),
    ],
)
def test_networks_that_the_settings_name_may_be_reached_and_no_others(address: str, reached: bool) -> None:
    assert reached is may_reach(address, networks(["10.1.0.0/16", "fd12::/16", "169.254.0.0/24"]))


@pytest.mark.parametrize("address", [str(one) for one in NEVER])
def test_where_clouds_keep_their_secrets_is_never_reached(address: str) -> None:
    assert not may_reach(address, networks(["0.0.0.0/0", "::/0"]))
    assert not may_reach(f"::ffff:{address}", networks(["0.0.0.0/0", "::/0"]))


@given(st.ip_addresses())
def test_nothing_that_python_holds_for_private_is_reached(address: IPv4Address | IPv6Address) -> None:
    carries = address in IPv6Network("::ffff:0:0/96") or address in IPv6Network("64:ff9b::/96")
    if not carries and (not address.is_global or address.is_multicast or address.is_reserved):
        assert not may_reach(str(address))


@given(st.ip_addresses(v=4))
def test_an_address_is_judged_alike_in_whichever_form_it_travels(address: IPv4Address) -> None:
    mapped = [may_reach(f"{prefix}{address}") for prefix in ("::ffff:", "64:ff9b::")]

    assert [may_reach(str(address))] * 2 == mapped


@given(st.text())
def test_no_text_ever_fails(text: str) -> None:
    assert may_reach(text) in (True, False)
