"""What people see: the landing page, the session its player asks for, and error pages. GET changes nothing (B1)."""

from streamsrv.core import urls
from streamsrv.core.text import Text
from streamsrv.delivery import Delivery, Poster
from streamsrv.web.answer import Answer, media_answer, text_answer
from streamsrv.web.body import read_whole
from streamsrv.web.headers import MOMENT, PAGE, POSTER, SESSION
from streamsrv.web.knock import MAX_KNOCK_BYTES, format_opened, parse_knock
from streamsrv.web.request import Request
from streamsrv.web.templates import Templates, campaign_words


class Pages:
    """Handlers over the use cases."""

    def __init__(self, delivery: Delivery, templates: Templates) -> None:
        self._delivery = delivery
        self._templates = templates

    async def landing(self, request: Request, link_token: str) -> Answer:
        landing = await self._delivery.landing(link_token)
        campaign, cta, language = landing.campaign, landing.cta, landing.language
        page = {
            **campaign_words(campaign, language),
            "poster_url": urls.poster_path(link_token),
            "sessions_url": urls.sessions_path(link_token),
            "watch_url": urls.WATCH_PATH,
            "multivariant_url": urls.bare_multivariant_path(link_token),
            "cta_label": "" if cta is None else cta.label,
            "cta_url": None if cta is None else cta.url,
            "autoplay": False,
        }
        return text_answer(request, PAGE, Text(self._templates.landing(page)))

    async def watch(self, request: Request) -> Answer:
        """The address without a link that landing pages leave in the address bar: one page for everybody (B4)."""
        language = self._templates.language_for(request.headers.get("Accept-Language", ""))
        return text_answer(request, PAGE, self._templates.watch[language])

    async def poster(self, request: Request, link_token: str) -> Answer:
        """A still for the page of a link."""
        return _picture(request, await self._delivery.poster(link_token, "jpg"))

    async def moment(self, request: Request, link_token: str) -> Answer:
        """For e-mails: the first personal moment, moving."""
        return _picture(request, await self._delivery.poster(link_token, "webp"))

    async def session_poster(self, request: Request, token: str) -> Answer:
        """A still for a page that goes on with a session, and no longer has its link."""
        return _picture(request, await self._delivery.session_poster(token))

    async def open_session(self, request: Request, link_token: str) -> Answer:
        """The explicit act that begins a session; players call it when they are about to play."""
        knock = parse_knock(await read_whole(request, limit_bytes=MAX_KNOCK_BYTES))
        return Answer(201, SESSION, format_opened(await self._delivery.open_session(link_token, knock)))


def _picture(request: Request, poster: Poster) -> Answer:
    policy = MOMENT if poster.content_type == "image/webp" else POSTER
    return media_answer(request, policy, bytes(poster.data), b"", etag=f'"{poster.name}"')
