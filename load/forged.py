"""How long a forged token is looked at, by what is wrong with it: it must not tell (B7).

`python -m load.forged [--rounds 300]`. One byte is changed at each place in turn, all places once a round, in an order
of chance; each place's median is held against the median of all. How far they are apart is noise where it is hardly
more than for the same token asked under two names.
"""

import argparse
import random
import statistics
import time
from binascii import a2b_base64, b2a_base64

from load import world
from streamsrv.core import tokens
from streamsrv.core.errors import NotFound
from streamsrv.core.model import Cut, Session, SessionId

NOW_S = 1_800_000_000
TRIES = 20
"""Of each token before the next: what is timed together."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=300)
    rounds = parser.parse_args().rounds
    link_id = world.link_id(world.viewers(1)[0])
    session = Session(SessionId("ab" * 16), link_id, 0, 1, NOW_S, NOW_S + 60)
    playback = tokens.sign_playback(session, Cut("personal", 0, False, b"rrrr", b"placed" * 8), keys=world.KEYS)
    link = tokens.sign_link(link_id, expires_at_s=NOW_S + 60, keys=world.KEYS)
    for name, token in (("link", link), ("playback", playback)):
        forged = _forged(token)
        # The same token twice: how far apart are two numbers that must be equal?
        samples = _timed([*forged, forged[0], forged[-1]], is_link=name == "link", rounds=rounds)
        medians = [statistics.median(one) * 1e6 for one in samples]
        middle = statistics.median(medians)
        noise = max(abs(medians[0] - medians[-2]), abs(medians[-3] - medians[-1]))
        print(
            f"{name}: {len(forged)} bytes, {middle:.2f} us; from {min(medians):.2f} to {max(medians):.2f}, "
            f"the same token twice {noise:.2f} apart"
        )


def _forged(token: str) -> list[str]:
    raw = a2b_base64(token.translate(str.maketrans("-_", "+/")))
    changed = [raw[:at] + bytes((raw[at] ^ 0x55,)) + raw[at + 1 :] for at in range(len(raw))]
    return [b2a_base64(one, newline=False).translate(bytes.maketrans(b"+/", b"-_")).decode() for one in changed]


def _timed(forged: list[str], *, is_link: bool, rounds: int) -> list[list[float]]:
    found: list[list[float]] = [[] for _ in forged]
    order = list(range(len(forged)))
    chance = random.Random(0)
    for _ in range(rounds):
        chance.shuffle(order)
        for at in order:
            found[at].append(_once(forged[at], is_link=is_link))
    return found


def _once(token: str, *, is_link: bool) -> float:
    began_s = time.perf_counter()
    for _ in range(TRIES):
        try:
            if is_link:
                tokens.parse_link(token, now_s=NOW_S, keys=world.KEYS)
            else:
                tokens.open_playback(token, now_s=NOW_S, keys=world.KEYS)
        except NotFound:
            continue
        raise AssertionError("a forged token was let through")
    return (time.perf_counter() - began_s) / TRIES


if __name__ == "__main__":
    main()
