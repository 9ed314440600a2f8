"""Nothing of a person is found where it does not belong, in any form: while they are there, and once they are erased.

One run of `life` is looked at from all sides (B8, B9, B11, B13).
"""

import asyncio
import csv
import io
import re
import signal
from binascii import a2b_base64
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import orjson
import pytest

from load import world
from streamsrv.config import StateSettings
from streamsrv.core.errors import Unavailable
from streamsrv.stores.secrets import KeyRing
from streamsrv.stores.state import State, names, open_state
from streamsrv.stores.vault import WRAPPED_BYTES, Vault
from tests.security import life
from tests.security.canaries import Canaries
from tests.security.life import KEPT, OTHERS, PERSONAL, PLAIN, Left, Life, quoted
from tests.stores.viewers import keys_and_values

CANARIES = Canaries(PERSONAL)
STAYS = Canaries(OTHERS)
VAULT = Vault(KeyRing(1, {1: bytes.fromhex(world.VAULT_KEYS.partition(":")[2])}))


@dataclass(frozen=True)
class Store:
    """What the state store and its files held at one moment."""

    keys: Mapping[bytes, bytes]
    dumps: bytes
    """As the server itself writes each value down."""
    files: Mapping[str, bytes]

    @property
    def heap(self) -> bytes:
        return b"\n".join((*self.keys, *self.keys.values(), self.dumps, *self.files.values()))

    def opened(self) -> bytes:
        """All that opens with all the keys that there are."""
        found: list[bytes] = []
        for key, record in self.keys.items():
            if key.startswith(b"v:"):
                link = names.link_of(key.decode())
                link_id = a2b_base64(link.encode().translate(bytes.maketrans(b"-_", b"+/")))
                data_key, plain = VAULT.open_record(link_id, record)
                found.append(plain)
                prefix = names.session_of(link).removesuffix("*").encode()
                found += [
                    VAULT.open(link_id, data_key.secret, sealed)
                    for name, sealed in self.keys.items()
                    if name.startswith(prefix)
                ]
        return b"\n".join(found)


@dataclass(frozen=True)
class Lived:
    """What there was before the erasure and after it, and all that was left behind."""

    left: Left
    before: Store
    after: Store
    folder: Path


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    folder = tmp_path_factory.mktemp("life")
    with life.living(folder) as one:
        _administer(one)
        links = {"guarded": _links_of_file(one), "open": _links_of_api(one)}
        for of in links.values():
            for link in of.values():
                _click(one, link)
        _look(one)
        one.left.written["metrics"] = one.fleet.exposition().encode()
        before = asyncio.run(_store(folder))
        _swap_records(one, links)
        _end(one, links)
        after = asyncio.run(_store(folder))
        one.left.written["metrics at the end"] = one.fleet.exposition().encode()
        one.fleet.process.send_signal(signal.SIGTERM)
        assert one.fleet.process.wait(30) == 0
        left = one.left
    left.written["log"] = (folder / "log").read_bytes()
    for path in (folder / "var/events").rglob("*.jsonl"):
        left.written[f"events {path.name}"] = path.read_bytes()
    return Lived(left, before, after, folder)


def _links_of_file(one: Life) -> dict[str, str]:
    """Each viewer's link, from a file that names viewers, which is what it is for; its addresses must not."""
    written = list(csv.DictReader(io.StringIO(one.command("links", "--campaign", "guarded"))))
    one.left.written.popitem()
    for row in written:
        one.left.addresses |= {row["url"], row["multivariant_url"], row["poster_url"]}
    return {row["viewer"]: urlsplit(row["url"]).path for row in written}


def _links_of_api(one: Life) -> dict[str, str]:
    status, answer = one.api("POST", "/links", {"campaign": "open", "viewers": [PERSONAL["viewer"], OTHERS["viewer"]]})
    assert status == 200
    return {found["viewer"]: urlsplit(found["url"]).path for found in orjson.loads(answer)["links"]}


def _click(one: Life, link: str) -> None:
    """All that a viewer, a player, a scanner and a stranger do with a link."""
    for path in (
        "",
        "/poster.jpg",
        "/moment.webp",
        "/multivariant.m3u8",
        f"?utm={PERSONAL['query']}",
        f"/{PERSONAL['path']}",
    ):
        one.ask(link + path)
    one.ask(f"{link[:-4]}{PERSONAL['path']}")
    one.ask(f"/{PERSONAL['path']}")
    sessions = f"{link}/sessions"
    for body in (b"{", PERSONAL["body"].encode() * 400, [PERSONAL["body"]], {PERSONAL["body"]: 1}, {"device": [1]}):
        one.ask(sessions, method="POST", body=body)
    one.ask(sessions, method="POST", body={"device": PERSONAL["device"], "answer": PERSONAL["answer"]})
    one.ask(sessions, method="POST")
    knock = {"device": PERSONAL["device"], "answer": PERSONAL["secret_word"]}
    status, answer = one.ask(sessions, method="POST", body=knock)
    assert status == 201
    folder = urlsplit(orjson.loads(answer)["multivariant_url"]).path.rpartition("/")[0]
    for name in ("multivariant.m3u8", "video/432p.m3u8", "audio/en.m3u8", "text/en.m3u8", "text/en.vtt",
                 "iframe/432p.m3u8", "text/en.txt", "chapters.json", f"video/{PERSONAL['path']}.m3u8",
                 "seg/a/b/0-0.m4s"):  # fmt: skip
        one.ask(f"{folder}/{name}?q={PERSONAL['query']}")
    text = one.ask(f"{folder}/video/234p.m3u8")[1].decode()
    for uri in re.findall(r"^\.\./((?:seg|own)/\S+)$", text, re.MULTILINE)[:3]:
        one.ask(f"{folder}/{uri}")


def _administer(one: Life) -> None:
    """What programs with a key do, well and badly."""
    found = PERSONAL
    whose = f"/campaigns/open/viewers/{quoted(found['viewer'])}"
    attributes = {
        "first_name": found["first_name"], "secret_word": found["secret_word"], "note": found["note"],
        "premium": found["premium"], "town": PLAIN["town"], "home": {"street": found["street"]},
    }  # fmt: skip
    assert one.api("PUT", whose, {"attributes": attributes})[0] == 201
    other = {"first_name": OTHERS["first_name"], "secret_word": "word", "premium": "2.00"}
    assert one.api("POST", "/viewers", {"viewer": OTHERS["viewer"], "campaign": "open", "attributes": other})[0] == 201
    one.api("PUT", whose, {"attributes": {**attributes, "premium": found["bad_value"], found["unlisted"]: 1}})
    one.api("POST", "/viewers", {"viewer": found["viewer"], "campaign": found["bad_value"], "attributes": {}})
    lines = [{"viewer": "bad-4", "attributes": {"first_name": [found["bad_value"]]}}, found["bad_value"]]
    data = b"\n".join([*map(orjson.dumps, lines), b'{"' + found["bad_value"].encode()])
    headers = {"Content-Type": "application/x-ndjson"}
    status, answer = one.ask("/api/v1/viewers?campaign=open", method="POST", body=data, key=one.key, headers=headers)
    one.left.written["api: rejected lines"] = answer
    assert status == 200
    one.api("GET", whose)
    one.api("GET", f"/campaigns/open/viewers/{quoted(found['path'])}")
    one.api("GET", f"/campaigns/{quoted(found['path'])}/viewers/x")
    one.api("GET", f"/audit?{found['query']}=1")
    one.api("POST", "/links", {"campaign": found["path"], "viewers": [found["viewer"]]})
    one.api("POST", "/revocations", {"kind": found["body"]})
    one.ask("/api/v1/campaigns", key=found["secret_word"].encode().hex())
    one.left.written["audit"] = one.api("GET", "/audit")[1]


def _look(one: Life) -> None:
    """What authors and operators look at. They name the viewer themselves; nothing else of them is shown."""
    viewers = one.folder / "given/viewers.ndjson"
    attributes = {"first_name": PERSONAL["first_name"], "secret_word": PERSONAL["secret_word"], "premium": "1"}
    good = {"viewer": PERSONAL["viewer"], "campaign": "open", "attributes": attributes}
    bad = {**good, "viewer": "bad", "attributes": {**attributes, "premium": PERSONAL["bad_value"]}}
    viewers.write_bytes(b"\n".join(map(orjson.dumps, (good, bad))))
    one.command("check", expect=1)
    viewers.write_bytes(orjson.dumps(good))
    whom = ("--campaign", "open", "--viewer", PERSONAL["viewer"])
    one.command("why", *whom, "--fetch")
    one.command("why", *whom, "--json")
    one.command("coverage", "--campaign", "open", "--json")
    one.command("diff", "open", "guarded", "--list", "--viewers", str(viewers))
    one.command("audit", "export")


def _swap_records(one: Life, links: Mapping[str, Mapping[str, str]]) -> None:
    """A record in another viewer's place: it does not open, and the log says so."""

    async def swap() -> None:
        async with open_state(StateSettings(dir=one.folder / "var/state", budget_ms=5000)) as state:
            kept = sorted([key async for key in state.scan("v:*")])
            values = await state.many_get([key.decode() for key in kept])
            moved = [*values[1:], values[0]]
            await state.many_set({k.decode(): v for k, v in zip(kept, moved, strict=True) if v is not None})
            for of in links.values():
                for link in of.values():
                    assert one.ask(link)[0] == 503
            await state.many_set({k.decode(): v for k, v in zip(kept, values, strict=True) if v is not None})

    asyncio.run(swap())


def _end(one: Life, links: Mapping[str, Mapping[str, str]]) -> None:
    """Revoked, then erased: by the API in one campaign, by a command in the other."""
    one.command("revoke", "--campaign", "guarded", "--viewer", PERSONAL["viewer"])
    one.ask(links["guarded"][PERSONAL["viewer"]])
    status, answer = one.api("DELETE", f"/viewers/{quoted(PERSONAL['viewer'])}?campaign=open")
    assert (status, orjson.loads(answer)["erasures"][0]["was_there"]) == (200, True)
    one.left.written["erasure"] = answer
    one.command("erase", "--campaign", "guarded", "--viewer", PERSONAL["viewer"])
    for of in links.values():
        for path in ("", "/poster.jpg", "/multivariant.m3u8"):
            one.ask(of[PERSONAL["viewer"]] + path)
        one.ask(f"{of[PERSONAL['viewer']]}/sessions", method="POST")
        assert one.ask(of[OTHERS["viewer"]])[0] == 200
    one.left.written["audit at the end"] = one.api("GET", "/audit")[1]


async def _store(folder: Path) -> Store:
    async with open_state(StateSettings(dir=folder / "var/state", budget_ms=5000)) as state:
        kept = await keys_and_values(state)
        dumps = b"\n".join([await _dump(state, key) for key in kept])
    files = {
        str(path.relative_to(folder)): path.read_bytes()
        for path in (folder / "var").rglob("*")
        if path.is_file() and "events" not in path.parts
    }
    return Store(kept, dumps, files)


async def _dump(state: State, key: bytes) -> bytes:
    found: bytes | None = await state.client.dump(key)
    return found or b""


def test_the_life_was_lived(lived: Lived) -> None:
    """Who looks at nothing finds nothing: every kind of answer was given."""
    statuses = {status for _, status in lived.left.statuses}

    assert {200, 201, 400, 401, 404, 410, 413, 422, 503} <= statuses
    assert 500 not in statuses
    assert {"v", "s", "d", "f", "a", "g", "k", "m"} <= {key.decode()[0] for key in lived.before.keys}
    assert any(text for name, text in lived.left.written.items() if name.startswith("events"))
    assert b"stored data cannot be opened" in lived.left.written["log"]
    assert all(b"bad-1" in text for name, text in lived.left.written.items() if name.startswith("rejects"))


def test_nothing_written_down_holds_anything_personal(lived: Lived) -> None:
    """Logs, metrics, events, the audit log, rejects, and what commands print."""
    nameless = CANARIES.without("viewer")

    # To authors and to whoever brings a file, viewers go by the ids that they gave themselves.
    assert {} == {
        where: found
        for where, text in lived.left.written.items()
        if (found := (nameless if where.startswith(("rejects", "command")) else CANARIES).found(text))
    }


def test_what_is_not_called_personal_is_in_events_alone(lived: Lived) -> None:
    plain = Canaries(PLAIN)
    found = {where for where, text in lived.left.written.items() if plain.found(text)}

    assert {where for where in found if not where.startswith(("events", "command"))} == set()


def test_no_address_and_no_header_holds_anything_personal(lived: Lived) -> None:
    assert set() == CANARIES.found("\n".join(sorted(lived.left.addresses)))


def test_no_error_says_anything_of_what_was_sent_or_is_kept(lived: Lived) -> None:
    # Who holds a key is told which of the fields they sent is not known; of values, nothing.
    valued = CANARIES.without("unlisted", "query")

    assert {} == {
        where: found
        for where, body in lived.left.errors.items()
        if (found := (valued if " api " in where else CANARIES).found(body))
    }


def test_no_file_is_named_after_anybody(lived: Lived) -> None:
    assert set() == CANARIES.found("\n".join(str(path) for path in lived.folder.rglob("*")))


def test_before_the_erasure_all_of_it_is_there_and_sealed(lived: Lived) -> None:
    assert set() == CANARIES.found(lived.before.heap)
    opened = CANARIES.found(lived.before.opened())
    assert {name for name in KEPT if any(one.startswith(f"{name}, ") for one in opened)} == set(KEPT)


def test_after_the_erasure_nothing_of_it_is_left_whatever_key_is_tried(lived: Lived) -> None:
    opened = lived.after.opened()

    assert set() == CANARIES.found(lived.after.heap + lived.after.opened())
    assert any(one.startswith("first_name") for one in STAYS.found(opened))


def test_after_the_erasure_no_file_holds_what_was_sealed(lived: Lived) -> None:
    gone = [key for key in lived.before.keys if key[:1] in b"vs" and key not in lived.after.keys]
    sealed = [lived.before.keys[key] for key in gone]
    pieces = [piece for one in sealed for piece in (one[:WRAPPED_BYTES], one[WRAPPED_BYTES : WRAPPED_BYTES + 64])]

    assert {b"v", b"s"} == {key[:1] for key in gone}
    assert all(piece in lived.before.heap for piece in pieces)
    assert [] == [piece for piece in pieces if piece in lived.after.heap]


def test_another_viewers_record_opens_nothing(lived: Lived) -> None:
    first, second = [key for key in sorted(lived.before.keys) if key.startswith(b"v:")][:2]
    link = names.link_of(first.decode()).encode().translate(bytes.maketrans(b"-_", b"+/"))

    with pytest.raises(Unavailable):
        VAULT.open_record(a2b_base64(link), lived.before.keys[second])
