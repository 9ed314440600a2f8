"""Paths to routes, and which codings are accepted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamsrv.web.answer import Answer
from streamsrv.web.encoding import accepts_gzip
from streamsrv.web.headers import PLAYLIST
from streamsrv.web.router import NOWHERE, Router, get


async def handler(*_: object) -> Answer:
    return Answer(200, PLAYLIST)


ROUTER = Router(
    get(template, handler)
    for template in (
        "/v/{link}",
        "/p/{token}/text/{language}.vtt",
        "/p/{token}/text/{language}.m3u8",
        "/p/{token}/a.m3u8",
    )
)


@pytest.mark.parametrize(
    ("path", "template", "values"),
    [
        ("/v/abc", "/v/{link}", ["abc"]),
        ("/p/t/text/en.vtt", "/p/{token}/text/{language}.vtt", ["t", "en"]),
        ("/p/t/text/pt-BR.m3u8", "/p/{token}/text/{language}.m3u8", ["t", "pt-BR"]),
        ("/p/t/a.m3u8", "/p/{token}/a.m3u8", ["t"]),
        ("/p/t/text/.vtt", "unmatched", []),
        ("/p//a.m3u8", "unmatched", []),
        ("/v/", "unmatched", []),
        ("/v/abc/", "unmatched", []),
        ("/v/a/b/c/d/e/f/g", "unmatched", []),
        ("", "unmatched", []),
    ],
)
def test_a_path_has_one_route_or_none(path: str, template: str, values: list[str]) -> None:
    route, found = ROUTER.find(path)

    assert (route.template, found if route is not NOWHERE else []) == (template, values)


@given(st.text())
def test_any_path_is_answered(path: str) -> None:
    assert ROUTER.find(path)[0] in (*ROUTER.routes, NOWHERE)


def test_two_routes_of_one_shape_are_a_mistake() -> None:
    with pytest.raises(ValueError, match=r"two routes for /v/\{other\}"):
        Router([get("/v/{link}", handler), get("/v/{other}", handler)])


@pytest.mark.parametrize(
    ("header", "accepted"),
    [
        ("gzip", True),
        ("GZIP", True),
        ("br;q=1.0, gzip;q=0.8, *;q=0.1", True),
        ("gzip, identity;q=1, *;q=0", True),
        ("*", True),
        ("", False),
        ("identity", False),
        ("gzip;q=0", False),
        ("gzip;q=0.000", False),
        ("*;q=0", False),
        ("gzip;q=0, *", False),
        ("gzip;q=nonsense", False),
        ("gzipped", False),
    ],
)
def test_gzip_is_sent_where_it_is_accepted(header: str, accepted: bool) -> None:
    assert accepts_gzip(header) is accepted
