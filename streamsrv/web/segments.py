"""Media: init sections and segments. Immutable bytes, with ranges and validators; each segment request is an event."""

from streamsrv.core import urls
from streamsrv.core.errors import NotFound
from streamsrv.delivery import Delivery
from streamsrv.web.answer import Answer, media_answer
from streamsrv.web.headers import AUDIO, VIDEO
from streamsrv.web.request import Request

_POLICIES = {"video/mp4": VIDEO, "audio/mp4": AUDIO}


class Segments:
    """Handlers over the use cases."""

    def __init__(self, delivery: Delivery) -> None:
        self._delivery = delivery

    async def init_section(self, request: Request, token: str, name: str) -> Answer:
        section = await self._delivery.init_section(token, name)
        return media_answer(request, _POLICIES[section.content_type], section.data, b"", etag=f'"{name[:32]}"')

    async def segment(self, request: Request, token: str, scene_key: str, rendition: str, place: str) -> Answer:
        """`place` is `{index}-{base}`, as `core.playlist` writes it."""
        place_parsed = urls.parse_place(place)
        if place_parsed is None:
            # Only after the token: a forged one gives the same answer whatever follows it.
            self._delivery.playing(token)
            raise NotFound("segment")
        index, base_units = place_parsed
        wanted = self._delivery.find_segment(
            token, scene_key=scene_key, rendition=rendition, index=index, base_units=base_units
        )

        def record(status: int, sent_bytes: int, taken_s: float) -> None:
            self._delivery.record_segment(
                wanted,
                method=request.method,
                status=status,
                sent_bytes=sent_bytes,
                duration_us=round(taken_s * 1_000_000),
            )

        request.on_over = record
        body = await self._delivery.segment(wanted)
        return media_answer(request, _POLICIES[body.content_type], body.head, body.body, etag=body.etag)
