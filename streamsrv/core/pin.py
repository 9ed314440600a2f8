"""What is kept of a session for as long as it plays: all that was decided, and on which data, once and for all.

Plain JSON, so that any process of any version reads it. Holds personal data: it is only ever kept sealed.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from streamsrv.core.campaign import Attributes
from streamsrv.core.model import CallToAction, CampaignId, Decision, Mark, Overlay, SceneId, Session, StoryKind, Viewer
from streamsrv.core.rules import Explanation, document
from streamsrv.core.rules.document import plain

PIN_VERSION = 1


class Pinned(NamedTuple):
    """A session as it was decided."""

    campaign_id: CampaignId
    release: str
    kind: StoryKind
    language: str
    decisions: tuple[Decision, ...]
    arms: Mapping[str, str]
    attributes: Mapping[str, object]
    """The viewer's data as it was then, in JSON's types; nothing for whoever was not admitted."""
    explanation: Mapping[str, object]
    """As `core.rules.document` tells it."""


def pin_document(
    session: Session, explanation: Explanation, viewer: Viewer, *, told: Mapping[str, object] | None = None
) -> dict[str, object]:
    """What `read_pin` reads; `told` is the explanation's document, where it is made already."""
    story, campaign = explanation.story, explanation.campaign
    return {
        "v": PIN_VERSION,
        "session": session.session_id,
        "started_at": session.started_at_s,
        "campaign": campaign.campaign_id,
        "release": campaign.release,
        "story": story.kind,
        "language": story.language,
        "arms": dict(story.arms),
        "decisions": [_decision(decision) for decision in story.decisions],
        "attributes": {} if explanation.barred else _given(viewer),
        "explanation": document(explanation) if told is None else told,
    }


def read_pin(pinned: Mapping[str, Any]) -> Pinned:
    """The session that `pin_document` wrote down."""
    return Pinned(
        campaign_id=CampaignId(pinned["campaign"]),
        release=pinned["release"],
        kind=pinned["story"],
        language=pinned["language"],
        decisions=tuple(_read_decision(decision) for decision in pinned["decisions"]),
        arms=pinned["arms"],
        attributes=pinned["attributes"],
        explanation=pinned["explanation"],
    )


def _given(viewer: Viewer) -> object:
    attributes = viewer.attributes
    return plain(attributes.given if isinstance(attributes, Attributes) else attributes)


def _decision(decision: Decision) -> dict[str, object]:
    cta = decision.cta
    return {
        "slot": decision.slot,
        "scene": decision.scene_id,
        "reason": decision.reason,
        "item": decision.item,
        "overlays": [_overlay(one) for one in decision.overlays],
        "cta": None if cta is None else {"label": cta.label, "url": cta.url},
    }


def _overlay(one: Overlay) -> dict[str, object]:
    written: dict[str, object] = {
        "name": one.name, "text": one.text, "defaulted": one.defaulted, "personal": one.personal,
    }  # fmt: skip
    return written | ({"marks": [list(mark) for mark in one.marks]} if one.marks else {})


def _read_overlay(written: Mapping[str, Any]) -> Overlay:
    marks = tuple(Mark(*mark) for mark in written.get("marks", ()))
    return Overlay(**{**written, "marks": marks})


def _read_decision(decision: Mapping[str, Any]) -> Decision:
    return Decision(
        slot=decision["slot"],
        scene_id=SceneId(decision["scene"]),
        reason=decision["reason"],
        item=decision["item"],
        overlays=tuple(_read_overlay(one) for one in decision["overlays"]),
        cta=None if decision["cta"] is None else CallToAction(**decision["cta"]),
    )
