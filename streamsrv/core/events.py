"""What is written down about a session. Schema in docs/events.md; no personal data, no tokens (B8, B9)."""

from collections.abc import Mapping
from typing import Any

from streamsrv.core.model import CampaignId, Event, Session

SCHEMA_VERSION = 1


def session_event(session: Session, campaign_id: CampaignId, explanation: Mapping[str, object], *, at_ms: int) -> Event:
    """A session began: which scenes this viewer gets, in order, and why, as `core.rules.document` tells it."""
    return Event(
        kind="session", at_ms=at_ms, session_id=session.session_id, campaign_id=campaign_id, fields=explanation
    )


def segment_event(
    session: Session, campaign_id: CampaignId, *, at_ms: int, scene: str, rendition: str, index: int, base_units: int,
    method: str, status: int, sent_bytes: int, duration_us: int, own: str | None = None,
) -> Event:  # fmt: skip
    """A media segment was asked for and answered: delivery, not viewing (C12).

    `own` says what one of the viewer's own segments was answered with.
    """
    return Event(
        kind="segment",
        at_ms=at_ms,
        session_id=session.session_id,
        campaign_id=campaign_id,
        fields={
            "scene": scene,
            "rendition": rendition,
            "index": index,
            "base": base_units,
            "method": method,
            "status": status,
            "bytes": sent_bytes,
            "duration_us": duration_us,
            **({} if own is None else {"own": own}),
        },
    )


def format_event(event: Event) -> Mapping[str, Any]:
    """The event as one JSON object."""
    return {
        "v": SCHEMA_VERSION,
        "type": event.kind,
        "at_ms": event.at_ms,
        "session": event.session_id,
        "campaign": event.campaign_id,
        **event.fields,
    }
