"""Charts, pictures and QR codes in campaign files: what they show, and what is wrong with those that are wrong."""

from dataclasses import replace

import orjson
import pytest

from streamsrv.core.campaign import load_campaign
from streamsrv.core.errors import Invalid
from streamsrv.core.model import (
    CampaignId,
    LinkId,
    Mark,
    Overlay,
    OverlayKind,
    OverlaySlot,
    SceneId,
    Session,
    SessionId,
    Viewer,
    ViewerId,
)
from streamsrv.core.pin import pin_document, read_pin
from streamsrv.core.rules import decide, document, explain
from tests.core.authored import NOW_S, Scenes, packaged, scene

HEAD = """\
campaign: c
languages: {attribute: tongue, offered: [en, de]}
schema:
  tongue: {type: enum, values: [en, de], default: en}
  product: {type: enum, values: [home, motor]}
  secret: {type: enum, values: [a, b], personal: true, default: a}
  name: {type: string, personal: true, default: Ana}
  claims:
    type: list
    max_items: 40
    of:
      on: {type: date}
      kind: {type: string}
      paid: {type: bool, default: false}
      amount: {type: money, currency: EUR}
  notes: {type: list, personal: true, of: {size: {type: int}}}
story:
  - {slot: s, scene: card, overlays: {it: """
CLAIMS = [
    {"on": "2026-05-06", "kind": "water", "amount": "1000"},
    {"on": "2025-01-02", "kind": "fire", "amount": "250.50"},
    {"on": "2026-03-04", "kind": "theft", "amount": "80"},
]


def scenes(kind: OverlayKind) -> Scenes:
    slot = OverlaySlot(kind, 0, 1, (0.1, 0.1, 0.8, 0.2), {"": "any.png"})
    return packaged(
        replace(scene("card", languages=("en", "de")), overlays={"it": slot}), scene("b", languages=("en", "de"))
    )


def written(filling: str) -> str:
    return f"{HEAD}{filling}}}}}\nfallback: [b]\n"


def shown(kind: OverlayKind, filling: str, **attributes: object) -> Overlay:
    """What the one overlay shows a viewer."""
    campaign = load_campaign(written(filling), where="c.yaml", scenes=scenes(kind))
    viewer = Viewer(ViewerId("v"), CampaignId("c"), {"claims": CLAIMS, **attributes}, link_ref="REF")
    ((overlay,),) = (decision.overlays for decision in decide(campaign, viewer, now_s=NOW_S).decisions)
    return overlay


def wrong(kind: OverlayKind | None, filling: str, *, pictures: tuple[str, ...] | None = None) -> list[str]:
    known = None if kind is None else scenes(kind)
    with pytest.raises(Invalid) as caught:
        load_campaign(written(filling), where="c", scenes=known, pictures=pictures, cta_hosts=("example.com",))
    return [str(problem).removeprefix("c:") for problem in caught.value.problems]


CHART = '{of: claims, value: amount, label: "{item.on|date:short}", text: "{item.amount|money:whole}", max: 2}'


def test_a_chart_has_a_mark_for_each_record_as_given() -> None:
    marks = (Mark("5/6/26", 1000.0, "€1,000"), Mark("1/2/25", 250.5, "€251"))

    assert Overlay("it", "", marks=marks) == shown("chart", CHART)


def test_a_chart_is_told_in_the_viewers_language_and_in_the_order_asked_for() -> None:
    chart = '{of: claims, value: item.amount, label: {en: a, de: "{item.kind}!"}, order_by: amount descending, max: 24}'

    overlay = shown("chart", chart, tongue="de")

    assert (Mark("water!", 1000.0, ""), Mark("fire!", 250.5, ""), Mark("theft!", 80.0, "")) == overlay.marks


def test_a_chart_without_records_shows_nothing() -> None:
    assert Overlay("it", "") == shown("chart", CHART, claims=[])


def test_a_chart_of_a_personal_list_or_with_personal_words_is_personal() -> None:
    own = shown("chart", "{of: notes, value: size}", notes=[{"size": 3}])
    named = shown("chart", '{of: claims, value: amount, label: "{name}", max: 1}')

    assert (Overlay("it", "", personal=True, marks=(Mark("", 3.0, ""),)), True) == (own, named.personal)


def test_marks_are_explained_unless_they_are_personal() -> None:
    campaign = load_campaign(written(CHART), where="c.yaml", scenes=scenes("chart"))
    own = load_campaign(written("{of: notes, value: size}"), where="c.yaml", scenes=scenes("chart"))
    viewer = Viewer(ViewerId("v"), CampaignId("c"), {"claims": CLAIMS[:1], "notes": [{"size": 3}]})

    told = [orjson.dumps(document(explain(one, viewer, now_s=NOW_S))["decisions"]) for one in (campaign, own)]

    assert [{"label": "5/6/26", "value": 1000.0, "text": "€1,000"}] == orjson.loads(told[0])[0]["overlays"]["it"]
    assert "(personal)" == orjson.loads(told[1])[0]["overlays"]["it"]


def test_marks_are_pinned_with_their_session() -> None:
    campaign = load_campaign(written(CHART), where="c.yaml", scenes=scenes("chart"))
    viewer = Viewer(ViewerId("v"), CampaignId("c"), {"claims": CLAIMS})
    session = Session(SessionId("00" * 16), LinkId(bytes(21)), 0, 1, NOW_S, NOW_S + 60)
    told = explain(campaign, viewer, now_s=NOW_S)

    pinned = read_pin(orjson.loads(orjson.dumps(pin_document(session, told, viewer))))

    assert told.story.decisions == pinned.decisions


def test_a_picture_goes_by_a_word_with_a_default_for_all_others() -> None:
    picture = "{by: product, pictures: {home: home.png}, default: {en: any.png, de: alle.png}}"

    assert [Overlay("it", "home.png"), Overlay("it", "alle.png", defaulted=True)] == [
        shown("image", picture, product="home"), shown("image", picture, product="motor", tongue="de")
    ]  # fmt: skip


def test_a_missing_word_is_shown_the_scenes_own_picture() -> None:
    picture = "{by: product, pictures: {home: home.png, motor: motor.png}}"

    assert Overlay("it", "any.png", defaulted=True) == shown("image", picture)


def test_a_picture_can_be_the_same_for_all_or_one_for_each_language() -> None:
    assert [Overlay("it", "a.png"), Overlay("it", "c.jpg")] == [
        shown("image", "a.png"), shown("image", "{en: b.jpg, de: c.jpg}", tongue="de")
    ]  # fmt: skip


def test_a_picture_by_a_personal_word_is_personal() -> None:
    assert Overlay("it", "a.png", personal=True) == shown("image", "{by: secret, pictures: {a: a.png, b: b.png}}")


def test_a_qr_code_leads_where_a_call_to_action_would() -> None:
    url = '"https://example.com/{tongue}?ref={link_ref}"'

    assert Overlay("it", "https://example.com/de?ref=REF", personal=True) == shown("qr", url, tongue="de")


def test_a_qr_code_without_the_viewer_is_nobodys_own() -> None:
    assert Overlay("it", "https://example.com/en") == shown("qr", '"https://example.com/{tongue}"')


@pytest.mark.parametrize(
    ("kind", "filling", "problem"),
    [
        ("text", "{of: claims, value: amount, max: 3}",
         '18:43: overlay "it" is a chart where the scene has a text; expected a text such as "Hello {first_name}"'),
        ("number", "{by: product, pictures: {home: a.png, motor: a.png}}",
         '18:43: overlay "it" is a picture where the scene has a text; expected a text such as "Hello {first_name}"'),
        ("chart", '"{name}"',
         '18:43: overlay "it" is a text where the scene has a chart; expected {of: claims, value: amount, label: '
         '"{item.on|date:short}", text: "{item.amount|money}"}'),
        ("chart", "{of: claim, value: amount, max: 3}",
         '18:48: "claim" is no list (did you mean "claims"?); expected one of the lists: claims, notes'),
        ("chart", "{of: claims, value: amuont, max: 3}",
         '18:63: "amuont" is no field of "item" (did you mean "amount"?); expected one of: on, kind, paid, amount'),
        ("chart", "{of: claims, value: kind, max: 3}",
         '18:63: "kind" is no number; expected a part that is a number: amount'),
        ("chart", "{of: claims, value: amount}",
         '18:44: overlay "it" would have a mark for each of up to 40 records; expected max: 24, or less'),
        ("chart", "{of: claims, value: amount, max: 25}",
         '18:76: "max" is "25"; expected a whole number from 1 to 24'),
        ("chart", "{of: notes, value: size, order_by: sise}",
         '18:78: "sise" is no field of these records (did you mean "size"?); expected one of: size'),
        ("chart", '{of: notes, value: size, label: "{item.sise}"}',
         '18:82: the label of overlay "it" "{item.sise}": "sise" is no field of "item" (did you mean "size"?); '
         "expected one of: size"),
        ("chart", "{of: notes, vlaue: size}",
         '18:55: "vlaue" is not a key of overlay "it" (did you mean "value"?); expected one of: of, value, label, '
         "text, order_by, max"),
        ("image", '"{product}.png"',
         '18:43: overlay "it" "{product}.png" has a place for values; expected a picture\'s name, or {by: product, '
         "pictures: {home: home.png}}"),
        ("image", "../secret.png",
         '18:43: overlay "it" "../secret.png" is no picture; expected the name of a file in the brand\'s folder, '
         "ending in .png, .jpg, .jpeg, .webp"),
        ("image", "{by: product, pictures: {home: a.png}}",
         '18:67: overlay "it" has no picture for "motor"; expected a picture for every word, or a default'),
        ("image", "{by: product, pictures: {home: a.png, moto: a.png}}",
         '18:81: "moto" is no word of "product" (did you mean "motor"?); expected one of: home, motor'),
        ("image", "{by: name, pictures: {home: a.png}}",
         '18:48: "name" holds other things than words; expected one of: tongue, product, secret'),
        ("image", "hmoe.png",
         '18:43: overlay "it": there is no picture "hmoe.png" (did you mean "home.png"?); expected one of: '
         "a.png, home.png"),
        ("qr", '"https://elsewhere.org/"',
         '18:43: overlay "it" is "https://elsewhere.org/": elsewhere.org is not an allowed host; expected one of '
         "cta_hosts in the server's settings: example.com"),
        ("qr", '"https://example.com/{name}"',
         '18:43: overlay "it" is "https://example.com/{name}": personal attributes may not stand in addresses; '
         "expected {link_ref}, which stands for the viewer"),
        ("qr", '{text: "https://example.com/", default: a}',
         '18:83: overlay "it" has a default; expected none: what stands in an address is in require, or has a default '
         "in the schema"),
        (None, "{of: claims, value: amount}",
         '18:44: overlay "it" would have a mark for each of up to 40 records; expected max: 24, or less'),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_place_and_what_was_expected(
    kind: OverlayKind | None, filling: str, problem: str
) -> None:
    assert [problem] == wrong(kind, filling, pictures=("home.png", "a.png") if kind == "image" else None)


def test_an_overlay_that_several_scenes_share_is_wrong_once() -> None:
    text = written("x").replace(
        "{slot: s, scene: card, overlays: {it: x}}",
        '{slot: s, choose: [{when: size(claims) == 1, scene: card}], otherwise: card, overlays: {it: "{nmae}"}}',
    )

    with pytest.raises(Invalid) as caught:
        load_campaign(text, where="c", scenes=scenes("text"))

    assert 1 == len(caught.value.problems)


def test_a_picture_that_may_be_missing_needs_a_default_somewhere() -> None:
    bare = {
        SceneId(name): replace(one, overlays={key: replace(slot, default={}) for key, slot in one.overlays.items()})
        for name, one in scenes("image").items()
    }

    with pytest.raises(Invalid, match=r'"product" may be missing; expected it in require, .*, or default: a picture'):
        load_campaign(written("{by: product, pictures: {home: a.png, motor: b.png}}"), where="c", scenes=bare)
