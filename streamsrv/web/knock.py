"""What a page sends to begin a session, and what it is told: both JSON."""

from datetime import UTC, datetime

import orjson

from streamsrv.core import urls
from streamsrv.core.access import Admission, Knock
from streamsrv.core.campaign import Campaign
from streamsrv.core.errors import Rejected
from streamsrv.delivery import Opened

MAX_KNOCK_BYTES = 4096
EXPECTED = 'nothing, or an object such as {"device": "…", "answer": "…"}'


def parse_knock(body: bytes) -> Knock:
    """What the page says of itself; nothing said is fine. Raises `Rejected`, without a word of what was sent."""
    if not body.strip():
        return Knock()
    try:
        said = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise Rejected(f"the body is not JSON; expected {EXPECTED}") from None
    if not isinstance(said, dict):
        raise Rejected(f"the body is not an object; expected {EXPECTED}")
    return Knock(device=_text(said, "device"), answer=_text(said, "answer"))


def format_opened(opened: Opened) -> bytes:
    """The session, for its page."""
    admission, cta = opened.admission, opened.cta
    return orjson.dumps(
        {
            "session_id": opened.session.session_id,
            "multivariant_url": urls.multivariant_path(opened.token),
            "expires_at": datetime.fromtimestamp(opened.session.expires_at_s, UTC).isoformat(),
            "personal": opened.personal,
            "language": opened.language,
            "cta": None if cta is None else {"label": cta.label, "url": cta.url},
            "ask": _ask(admission, opened.campaign, opened.language),
            "reason": admission.reason,
            "retry_after_s": admission.retry_after_s,
        }
    )


def _ask(admission: Admission, campaign: Campaign, language: str) -> dict[str, object] | None:
    if admission.ask is None:
        return None
    label = campaign.told(admission.ask.labels, language)
    return {"kind": admission.ask.kind, "label": label, "tries_left": admission.tries_left}


def _text(said: dict[str, object], name: str) -> str:
    value = said.get(name, "")
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Rejected(f'"{name}" is not a text; expected {EXPECTED}')
    return value
