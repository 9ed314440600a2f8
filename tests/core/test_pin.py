"""What is pinned of a session is read back as it was decided, through JSON."""

import json

from streamsrv.core.campaign import Attributes, load_campaign
from streamsrv.core.model import CampaignId, LinkId, Session, SessionId, Viewer, ViewerId
from streamsrv.core.pin import pin_document, read_pin
from streamsrv.core.rules import checked, document, explain

TEXT = """\
campaign: x
languages: {attribute: lang, offered: [en, de]}
schema:
  lang: {type: string}
  first_name: {type: string, personal: true}
  due_on: {type: date}
  claims: {type: list, max_items: 3, of: {amount: {type: money, currency: EUR}}}
  segment: {type: enum, values: [new, old], default: new}
require: [first_name]
story:
  - {slot: hello, scene: a, overlays: {greeting: "Hello {first_name}, until {due_on|date:long}"}}
  - {slot: claims, for_each: claims, scene: b, overlays: {amount: "{item.amount|money}"}}
  - {slot: bye, experiment: words, arms: {plain: {weight: 1, scene: a}, kind: {weight: 1, scene: b}}}
  - slot: next
    scene: a
    cta: {label: {en: Renew, de: Verlängern}, url: "https://example.com/?ref={link_ref}"}
fallback: [a]
"""
GIVEN = {
    "lang": "de",
    "first_name": "Zoë",
    "due_on": "2027-03-01",
    "claims": [{"amount": "12.50"}, {"amount": "3.00"}],
}
CAMPAIGN = load_campaign(TEXT, where="x.yaml", scenes=None)
SESSION = Session(SessionId("ab" * 16), LinkId(b"x" * 21), 0, 1, 1_800_000_000, 1_800_003_600)
VIEWER = Viewer(ViewerId("zoe"), CampaignId("x"), GIVEN, link_ref="r" * 24, link_id=SESSION.link_id)


def test_decisions_words_and_data_come_back() -> None:
    viewer = Viewer(VIEWER.viewer_id, VIEWER.campaign_id, checked(CAMPAIGN, VIEWER), link_ref=VIEWER.link_ref)
    assert isinstance(viewer.attributes, Attributes)
    explanation = explain(CAMPAIGN, viewer, now_s=SESSION.started_at_s)
    pinned = read_pin(json.loads(json.dumps(pin_document(SESSION, explanation, viewer))))

    story = explanation.story
    assert (story.decisions, story.kind, story.language, dict(story.arms)) == (
        pinned.decisions,
        pinned.kind,
        pinned.language,
        pinned.arms,
    )
    assert GIVEN == pinned.attributes
    assert (CAMPAIGN.campaign_id, CAMPAIGN.release) == (pinned.campaign_id, pinned.release)
    assert json.loads(json.dumps(document(explanation))) == pinned.explanation


def test_of_whoever_is_not_let_in_no_data_is_pinned() -> None:
    explanation = explain(CAMPAIGN, VIEWER, now_s=SESSION.started_at_s, barred="devices")
    pinned = read_pin(pin_document(SESSION, explanation, VIEWER))

    assert ("fallback", {}) == (pinned.kind, pinned.attributes)
    assert "Zoë" not in json.dumps(pin_document(SESSION, explanation, VIEWER), ensure_ascii=False)


def test_the_document_names_its_session() -> None:
    explanation = explain(CAMPAIGN, VIEWER, now_s=SESSION.started_at_s)

    assert SESSION.session_id == pin_document(SESSION, explanation, VIEWER)["session"]
