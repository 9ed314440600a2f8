"""Playlists and what goes with them as text: captions and chapters. All of one viewer, none of it kept by caches."""

import orjson

from streamsrv.core.text import Text
from streamsrv.delivery import Delivery
from streamsrv.web.answer import Answer, text_answer
from streamsrv.web.headers import CAPTIONS, CHAPTERS, PLAYLIST, TRANSCRIPT
from streamsrv.web.request import Request


def knows_captions(request: Request) -> bool:
    """FFmpeg's HLS reader has no subtitle renditions: it warns of each one it is shown (docs/decisions/0006)."""
    return not request.headers.get("User-Agent", "").startswith("Lavf/")


class Playlists:
    """Handlers over the use cases."""

    def __init__(self, delivery: Delivery) -> None:
        self._delivery = delivery

    async def bare_multivariant(self, request: Request, link_token: str) -> Answer:
        """For players that were given the link itself."""
        return text_answer(
            request, PLAYLIST, await self._delivery.bare_multivariant(link_token, captions=knows_captions(request))
        )

    async def multivariant(self, request: Request, token: str) -> Answer:
        return text_answer(request, PLAYLIST, self._delivery.multivariant(token, captions=knows_captions(request)))

    async def video(self, request: Request, token: str, rung: str) -> Answer:
        return text_answer(request, PLAYLIST, self._delivery.video(token, rung))

    async def audio(self, request: Request, token: str, language: str) -> Answer:
        return text_answer(request, PLAYLIST, self._delivery.audio(token, language))

    async def text(self, request: Request, token: str, language: str) -> Answer:
        return text_answer(request, PLAYLIST, self._delivery.text(token, language))

    async def iframe(self, request: Request, token: str, rung: str) -> Answer:
        return text_answer(request, PLAYLIST, self._delivery.iframe(token, rung))

    async def captions(self, request: Request, token: str, language: str) -> Answer:
        return text_answer(request, CAPTIONS, await self._delivery.captions(token, language))

    async def transcript(self, request: Request, token: str, language: str) -> Answer:
        return text_answer(request, TRANSCRIPT, await self._delivery.transcript(token, language))

    async def chapters(self, request: Request, token: str) -> Answer:
        return text_answer(request, CHAPTERS, Text(orjson.dumps(self._delivery.chapters(token)).decode()))
