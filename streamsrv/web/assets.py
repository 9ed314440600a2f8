"""The player's built files: read once at start, checked against their manifest, served by content, never by path."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import orjson

from streamsrv.core.errors import Invalid, NotFound, Problem
from streamsrv.core.text import compress
from streamsrv.web.answer import Answer, media_answer
from streamsrv.web.encoding import accepts_gzip
from streamsrv.web.headers import Policy, asset
from streamsrv.web.request import Request

HASH_CHARACTERS = 16
"""How much of the SHA-256 stands in the URL."""
_SMALLEST = 9


@dataclass(frozen=True, slots=True)
class Asset:
    """One file, as it is sent."""

    url: str
    policy: Policy
    body: bytes
    gzipped: bytes
    """Empty where compression gains nothing."""
    etag: str


def load_assets(folder: Path) -> Mapping[str, Asset]:
    """The files that `folder`'s manifest.json lists, by name; raises `Invalid` for one that is missing or altered."""
    manifest = folder / "manifest.json"
    try:
        listed = orjson.loads(manifest.read_bytes())
    except (OSError, orjson.JSONDecodeError) as error:
        raise Invalid([Problem(str(manifest), "cannot be read", "the player's manifest: run `make player`")]) from error
    found: dict[str, Asset] = {}
    problems: list[Problem] = []
    for name, entry in listed.items():
        path = folder / name
        body = path.read_bytes() if path.is_file() else b""
        if hashlib.sha256(body).hexdigest() != entry["sha256"]:
            problems.append(Problem(str(path), "is not the file that the manifest lists", "run `make player`"))
        else:
            found[name] = _asset(name, entry["sha256"], entry["type"], body)
    if problems:
        raise Invalid(problems)
    return found


class Assets:
    """The handler of `/assets/`."""

    def __init__(self, assets: Mapping[str, Asset]) -> None:
        self._by_url = {asset.url: asset for asset in assets.values()}

    async def file(self, request: Request, digest: str, name: str) -> Answer:
        found = self._by_url.get(f"/assets/{digest}/{name}")
        if found is None:
            raise NotFound("asset")
        if found.gzipped and accepts_gzip(request.headers.get("Accept-Encoding", "")):
            answer = media_answer(request, found.policy, found.gzipped, b"", etag=f'{found.etag[:-1]}-gzip"')
            answer.fields += b"Content-Encoding: gzip\r\n"
            return answer
        return media_answer(request, found.policy, found.body, b"", etag=found.etag)


def _asset(name: str, sha256: str, content_type: str, body: bytes) -> Asset:
    if content_type.startswith("text/"):
        content_type += "; charset=utf-8"
    policy = asset(content_type)
    gzipped = compress(body, level=_SMALLEST) if policy.gzip else b""
    digest = sha256[:HASH_CHARACTERS]
    return Asset(
        url=f"/assets/{digest}/{name}",
        policy=policy,
        body=body,
        gzipped=gzipped if len(gzipped) < len(body) else b"",
        etag=f'"{digest}"',
    )
