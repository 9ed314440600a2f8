"""Sources of a campaign: what is read of them, and that every mistake is one problem at its place."""

import pytest

from streamsrv.core.campaign.sources import MAX_SOURCES, Header, Pick, Secret
from streamsrv.core.campaign.template import fill_url
from streamsrv.core.origins import Origin, is_allowed, is_entry, parse_origin
from tests.core.authored import load, packaged, problems

HEAD = """\
campaign: test
schema:
  name: {type: string, personal: true}
  product: {type: enum, values: [home, motor], default: home}
  score: {type: int}
  birth_year: {type: int}
  house: {type: string}
  claims: {type: list, of: {v: {type: int}}}
require: [birth_year, house]
randomize_by: house
access: {verify: {attribute: birth_year, label: Year}}
story: [{slot: a, scene: b}]
fallback: [b]
sources:
"""
CRM = """\
  crm:
    url: "https://crm.example.com/v1/{viewer}/{product}?ref={link_ref}"
    headers: {Authorization: "Bearer {secret:CRM_TOKEN}", X-Tenant: a-1}
    map: {score: /scores/0/a~1b~0, claims: /claims}
    cache_s: 60
    timeout_ms: 120
"""
HOSTS = ("crm.example.com", "*.example.net", "http://127.0.0.1:8099")
PREFIX = "  crm: {map: {score: /s}, url: "
NOT_PLAIN = (
    "it is no plain address with its host written out; expected an address such as "
    "https://crm.example.com/customers/{viewer}"
)


def found(text: str, hosts: tuple[str, ...] | None = None) -> list[str]:
    return problems(HEAD + text, packaged("b"), source_hosts=hosts)


def test_a_source_is_read() -> None:
    (source,) = load(HEAD + CRM, packaged("b"), source_hosts=HOSTS).sources

    assert ("crm", Origin("https", "crm.example.com", 443), 60, 120) == (
        source.name, source.origin, source.cache_s, source.timeout_ms,
    )  # fmt: skip
    assert (Pick("score", ("scores", "0", "a/b~")), Pick("claims", ("claims",))) == source.picks
    assert (
        Header("Authorization", ("Bearer ", Secret("CRM_TOKEN"))),
        Header("X-Tenant", ("a-1",)),
    ) == source.headers
    assert {"CRM_TOKEN"} == source.secrets()


def test_values_are_percent_encoded_into_the_path_and_the_query() -> None:
    (source,) = load(HEAD + CRM, packaged("b")).sources
    url = fill_url(source.url, {"product": "home"}, extra={"viewer": "a/b?c#d ü", "link_ref": "&x=1"})

    assert "https://crm.example.com/v1/a%2Fb%3Fc%23d%20%C3%BC/home?ref=%26x%3D1" == url


@pytest.mark.parametrize("viewer", [".", ".."])
def test_a_value_that_would_lead_up_the_path_gives_no_address(viewer: str) -> None:
    (source,) = load(HEAD + CRM, packaged("b")).sources

    assert None is fill_url(source.url, {"product": "home"}, extra={"viewer": viewer, "link_ref": "r"})


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("  crm: x\n", '15:8: source "crm" is "x"; expected keys: url, headers, map, cache_s, timeout_ms'),
        ("  crm: {map: {score: /s}}\n", '15:8: source "crm" has no "url"; expected this key here'),
        ("  crm: {url: https://a.example/}\n", '15:8: source "crm" has no "map"; expected this key here'),
        ("  CRM: {url: https://a.example/, map: {score: /s}}\n",
         '15:3: "CRM" is not a name for a source; expected small letters, digits and - (at most 32)'),
        (CRM.replace("cache_s", "cashe_s"), '19:5: "cashe_s" is not a key of source "crm" (did you mean "cache_s"?); '
         "expected one of: url, headers, map, cache_s, timeout_ms"),
        (CRM.replace("60", "-1"), '19:14: "cache_s" is "-1"; expected a whole number from 0 to 3600'),
        (CRM.replace("120", "5"), '20:17: "timeout_ms" is "5"; expected a whole number from 10 to 2000'),
        (CRM.replace("score: /", "scor: /"), '18:11: "scor" is no attribute (did you mean "score"?); expected one of: '
         "name, product, score, claims"),
        (CRM.replace("score: /scores/0/a~1b~0", "score: s"), '18:18: "score" is "s"; expected where its value stands '
         "in the answer (JSON Pointer), such as /contract/premium"),
        (CRM.replace("a~1b~0", "a~2"), '18:18: "score" is "/scores/0/a~2"; expected where its value stands in the '
         "answer (JSON Pointer), such as /contract/premium"),
        (CRM.replace("score: /", "birth_year: /"), '18:11: "birth_year" may not come from a source: viewers prove who '
         "they are with it; expected another attribute"),
        (CRM.replace("score: /", "house: /"), '18:11: "house" may not come from a source: experiments are drawn by it; '
         "expected another attribute"),
        (CRM + '  b: {url: "https://a.example/", map: {score: /s}}\n',
         '21:40: "score" comes from two sources (first in line 18); expected each attribute once'),
        (CRM.replace("map: {score: /scores/0/a~1b~0, claims: /claims}", "map: {}"),
         '18:10: "map" is empty; expected at least one attribute: {premium: /contract/premium}'),
        (CRM.replace("{product}", "{produkt}"), '16:48: "url" "https://crm.example.com/v1/{viewer}/{produkt}?ref={link_ref}"'
         ': "produkt" is no attribute (did you mean "product"?); expected one of: name, product, score, birth_year, '
         "house, claims, viewer, link_ref"),
        (CRM.replace("{product}", "{name}"), '16:10: "url" is "https://crm.example.com/v1/{viewer}/{name}?ref={link_ref}"'
         ": personal attributes may not stand in addresses; expected {viewer}, the id of the import"),
        (CRM.replace("{product}", "{score}"), '16:10: "url" is "https://crm.example.com/v1/{viewer}/{score}?ref={link_ref}'
         '": "score" may be missing; expected it in require, or a default'),
        (CRM.replace("{product}", "{score|number}"),
         '16:10: "url" is "https://crm.example.com/v1/{viewer}/{score|number}?ref={lin…": values stand in addresses as '
         "they are; expected no format: {premium} gives 812.40"),
        (CRM.replace("Bearer {secret:CRM_TOKEN}", "Bearer abc"),
         '17:30: the header "Authorization" has its secret in the file; expected {secret:NAME} in its place'),
        (CRM.replace("CRM_TOKEN", "crm-token"),
         '17:30: "crm-token" is no name of a secret; expected capitals, digits and _'),
        (CRM.replace("{secret:CRM_TOKEN}", "{name}"), '17:30: the header "Authorization" has a brace that is no '
         "secret's; expected {secret:NAME} alone in braces"),
        (CRM.replace("X-Tenant", "Host"), '17:59: the header "Host" is the server\'s own; expected another header'),
        (CRM.replace("X-Tenant", "Proxy-Auth"),
         '17:59: the header "Proxy-Auth" is the server\'s own; expected another header'),
        (CRM.replace("X-Tenant", "X Tenant"),
         '17:59: "X Tenant" is no name of a header; expected letters, digits and -'),
        (CRM.replace("a-1", '"a\\r\\nb: c"'),
         '17:69: the header "X-Tenant" has characters that headers cannot hold; expected printable ASCII'),
        (CRM.replace("a-1", "ü"),
         '17:69: the header "X-Tenant" has characters that headers cannot hold; expected printable ASCII'),
    ],
)  # fmt: skip
def test_a_mistake_is_one_problem_at_its_place(text: str, problem: str) -> None:
    assert found(text) == [problem]


def test_a_header_that_is_given_twice_is_told_at_both_places() -> None:
    assert found(CRM.replace("X-Tenant", "authorization")) == [
        '17:15: the header "Authorization" is given twice; expected each header once',
        '17:59: the header "authorization" is given twice; expected each header once',
    ]


@pytest.mark.parametrize(
    "url",
    [
        "ftp://a.example/", "//a.example/", "a.example/x", "https://", "https:///x", "https://{viewer}.example/",
        "https://a.example:{product}/", "https://u:p@a.example/", "https://a.example:0/", "https://a.example:99999/",
        "https://a.example/#x", "https://a b.example/", "https://a.exämple/", "https://2130706433/", "https://0x7f.1/",
        "https://0177.0.0.1/", "https://127.1/", "https://1.2.3.4.5/", "https://127.0.0.1./", "https://a..example/",
        "https://[::ffff:127.0.0.1]:1/{viewer}", "https://[::1%eth0]/", "https://[0:0:0:0:0:0:0:1]/",
        "https://a.example\\\\@b.example/", "{viewer}", "https://a.example{viewer}",
    ],
)  # fmt: skip
def test_an_address_whose_host_is_not_plain_is_refused(url: str) -> None:
    (problem,) = found(f'{PREFIX}"{url}"}}\n')

    assert problem.endswith(NOT_PLAIN)


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("https://crm.example.com/", True),
        ("https://CRM.example.com:443/{viewer}", True),
        ("https://crm.example.com:8443/", False),
        ("http://crm.example.com/", False),
        ("https://a.example.net/", True),
        ("https://example.net/", False),
        ("https://evilexample.net/", False),
        ("http://127.0.0.1:8099/", True),
        ("http://127.0.0.1/", False),
        ("https://127.0.0.1:8099/", False),
    ],
)
def test_a_source_may_only_ask_hosts_ports_and_schemes_of_the_settings(url: str, allowed: bool) -> None:
    text = f'{PREFIX}"{url}"}}\n'
    if allowed:
        assert len(load(HEAD + text, packaged("b"), source_hosts=HOSTS).sources) == 1
    else:
        (problem,) = found(text, HOSTS)
        assert problem.endswith(
            "is not allowed; expected one of allow_hosts in the server's settings: crm.example.com, *.example.net, "
            "http://127.0.0.1:8099"
        )


def test_without_a_list_nobody_may_be_asked() -> None:
    (problem,) = found(CRM, ())

    assert problem.endswith("is not allowed; expected one of allow_hosts in the server's settings: there is none yet")


def test_there_is_a_bound_for_sources() -> None:
    many = "".join(f"  s{at}: {{url: https://a.example/, map: {{score: /s}}}}\n" for at in range(MAX_SOURCES + 1))

    assert f"15:3: {MAX_SOURCES + 1} sources; expected at most {MAX_SOURCES}" == found(many)[0]


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("crm.example.com", True),
        ("*.example.com", True),
        ("crm.example.com:8443", True),
        ("http://crm.internal:8080", True),
        ("https://[2001:db8::1]:8443", True),
        ("*", False),
        ("*.com", False),
        ("crm.example.com/x", False),
        ("ftp://crm.example.com", False),
        ("://crm.example.com", False),
        ("u@crm.example.com", False),
        ("0x7f.1", False),
        ("", False),
    ],
)
def test_an_entry_of_the_list_is_a_host_and_a_port_and_nothing_else(text: str, right: bool) -> None:
    assert right is is_entry(text)


def test_an_origin_is_written_as_it_is_read() -> None:
    for text in ("https://a.example", "http://a.example:8080", "https://[2001:db8::1]:8443"):
        origin = parse_origin(text)
        assert origin is not None
        assert text == str(origin)
        assert is_allowed(origin, [text])
