"""Media: init sections and segments. Immutable bytes, with ranges and validators; each segment request is an event."""

from contextlib import suppress

from streamsrv.core import cmcd, urls
from streamsrv.core.errors import Expired, NotFound
from streamsrv.delivery import Delivery, Wanted
from streamsrv.web.answer import Answer, media_answer
from streamsrv.web.headers import AUDIO, OWN, OWN_FALLBACK, VIDEO
from streamsrv.web.request import OnOver, Request

_POLICIES = {"video/mp4": VIDEO, "audio/mp4": AUDIO}
_LASTING = frozenset({"personal", "plain"})
"""Outcomes that stay what they are: the viewer's player may keep them."""


class Segments:
    """Handlers over the use cases."""

    def __init__(self, delivery: Delivery) -> None:
        self._delivery = delivery

    async def init_section(self, request: Request, token: str, name: str) -> Answer:
        section = await self._delivery.init_section(token, name)
        return media_answer(request, _POLICIES[section.content_type], section.data, b"", etag=f'"{name[:32]}"')

    async def segment(self, request: Request, token: str, scene_key: str, rendition: str, place: str) -> Answer:
        """`place` is `{index}-{base}`, as `core.playlist` writes it."""
        wanted = self._wanted(token, scene_key, rendition, place)
        request.on_over = self._recorder(request, wanted)
        self._hint(request, token, wanted)
        body = await self._delivery.segment(wanted)
        return media_answer(request, _POLICIES[body.content_type], body.head, body.body, etag=body.etag)

    async def own(self, request: Request, token: str, scene_key: str, rendition: str, place: str) -> Answer:
        """A viewer's own segment. What stands in for it may be asked for again at once (A6)."""
        wanted = self._wanted(token, scene_key, rendition, place)
        request.on_over = self._recorder(request, wanted, own="gone")
        self._hint(request, token, wanted)
        (head, tail, etag, _), outcome = await self._delivery.own_segment(wanted)
        request.on_over = self._recorder(request, wanted, own=outcome)
        if outcome not in _LASTING:
            return Answer(200, OWN_FALLBACK, head, tail=tail)
        return media_answer(request, OWN, head, tail, etag=etag)

    def _hint(self, request: Request, token: str, wanted: Wanted) -> None:
        """What the player says it will ask for next (CMCD `nor`), where it says so."""
        told = request.headers.get("CMCD-Request")
        if told is None and not request.has_query:
            return
        coming = cmcd.next_of(told) if told is not None else cmcd.next_of_query(request.query)
        if coming is not None:
            with suppress(NotFound, Expired):
                self._delivery.hinted(
                    self._delivery.find_segment(
                        token,
                        scene_key=coming.scene_key or wanted.scene.key,
                        rendition=coming.rendition or wanted.track.name,
                        index=coming.segment_index,
                        base_units=coming.base_units,
                    )
                )

    def _wanted(self, token: str, scene_key: str, rendition: str, place: str) -> Wanted:
        place_parsed = urls.parse_place(place)
        if place_parsed is None:
            # Only after the token: a forged one gives the same answer whatever follows it.
            self._delivery.playing(token)
            raise NotFound("segment")
        index, base_units = place_parsed
        return self._delivery.find_segment(
            token, scene_key=scene_key, rendition=rendition, index=index, base_units=base_units
        )

    def _recorder(self, request: Request, wanted: Wanted, *, own: str | None = None) -> OnOver:
        def record(status: int, sent_bytes: int, taken_s: float) -> None:
            self._delivery.record_segment(
                wanted,
                method=request.method,
                status=status,
                sent_bytes=sent_bytes,
                duration_us=round(taken_s * 1_000_000),
                own=own,
            )

        return record
