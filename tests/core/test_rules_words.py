"""What stands on a scene and where its button leads: own words before the slot's, defaults before nothing."""

import pytest

from streamsrv.core.campaign import Campaign
from streamsrv.core.model import CallToAction, Overlay, Story
from tests.core.authored import cut, load, packaged, problems, scene, tell, words

HEAD = """\
campaign: test
schema:
  name: {type: string, personal: true}
  city: {type: string}
  plan: {type: enum, values: [a, b], default: a}
  years: {type: int, default: 3}
  due: {type: date, default: 2027-03-31}
  price: {type: money, currency: EUR, default: 812.4}
  rows: {type: list, of: {id: {type: string}, who: {type: string, personal: true}}}
"""
SCENES = packaged(
    scene("card", "top", "side"), scene("half", "top"), scene("ready", "top", default={"": "Ready"}), "bare", "any"
)
CHOICE = """\
  - slot: s
    choose:
      - {when: years > 5, scene: card, overlays: {top: "Own {years}"}, cta: {label: Own, url: "https://a.example/own"}}
      - {when: years > 1, scene: half}
      - {when: years > 0, scene: bare}
    otherwise: {scene: half, overlays: {top: Otherwise}}
    overlays: {top: "Common {years}", side: Side}
    cta: {label: Common, url: "https://a.example/"}
"""


def loaded(story: str, extra: str = "") -> Campaign:
    return load(f"{HEAD}{extra}story:\n{story}fallback: [any]\n", SCENES)


def shown(overlays: str, scene_id: str = "half") -> Campaign:
    return loaded(f"  - {{slot: s, scene: {scene_id}, overlays: {overlays}}}\n")


def first(story: Story) -> Overlay:
    return story.decisions[0].overlays[0]


def with_url(url: str, extra: str = "") -> Campaign:
    return loaded(f'  - {{slot: s, scene: bare, cta: {{label: Go, url: "{url}"}}}}\n', extra)


def test_an_options_own_words_go_before_those_of_the_slot() -> None:
    campaign = loaded(CHOICE)
    stories = [tell(campaign, years=years) for years in (6, 2, 1, 0)]

    assert [words(story) for story in stories] == [
        [{"top": "Own 6", "side": "Side"}], [{"top": "Common 2"}], [{}], [{"top": "Otherwise"}],
    ]  # fmt: skip
    assert [story.decisions[0].cta for story in stories] == [
        CallToAction("Own", "https://a.example/own"), *[CallToAction("Common", "https://a.example/")] * 3,
    ]  # fmt: skip


def test_a_missing_value_is_told_as_the_campaigns_default_and_else_as_the_scenes() -> None:
    own = shown('{top: {text: "In {city}", default: There}}')
    scenes = shown('{top: "In {city}"}', "ready")

    assert [first(tell(campaign)) for campaign in (own, scenes)] == [
        Overlay("top", "There", defaulted=True), Overlay("top", "Ready", defaulted=True),
    ]  # fmt: skip
    assert [first(tell(campaign, city="Bern")) for campaign in (own, scenes)] == [Overlay("top", "In Bern")] * 2
    assert first(tell(own, city=7)) == Overlay("top", "There", defaulted=True)


def test_a_scene_with_a_default_needs_no_words() -> None:
    assert words(tell(loaded("  - {slot: s, scene: ready}\n"))) == [{}]


def test_words_with_something_personal_are_marked_and_their_default_is_not() -> None:
    campaign = shown('{top: {text: "Hi {name} of {city}", default: Hi}}')

    assert first(tell(campaign, name="Ana", city="Bern")) == Overlay("top", "Hi Ana of Bern", personal=True)
    assert first(tell(campaign, name="Ana")) == Overlay("top", "Hi", defaulted=True)


def test_words_for_a_record_are_personal_when_the_part_is() -> None:
    slot = '  - {{slot: s, for_each: rows, scene: half, overlays: {{top: "{}"}}}}\n'
    rows = [{"id": "1", "who": "Ana"}]

    assert [first(tell(loaded(slot.format(text)), rows=rows)) for text in ("{item.id}", "{item.who}")] == [
        Overlay("top", "1"), Overlay("top", "Ana", personal=True),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("overlays", "scene_id", "problem"),
    [
        ("{tpo: x}", "half", 'scene "half" has no overlay "tpo" (did you mean "top"?); expected one of: top'),
        ("{top: x}", "bare", 'scene "bare" has no overlay "top"; expected none: it was packaged without overlays'),
        ("{top: x}", "card",
         'nothing fills the overlay "side" of scene "card"; expected overlays: {side: "…"}, or a default when it is '
         "packaged"),
        ('{top: "{city}"}', "half",
         'overlay "top": "city" may be missing; expected it in require, a default in the schema, or {text: …, default: '
         '"…"} for "top"'),
        ("{top: {default: x}}", "half", 'overlay "top" has no "text"; expected this key here'),
        ("{top: {text: x, default: ''}}", "half", 'the default of overlay "top" is empty; expected a text'),
        ("{top: [x]}", "half", 'overlay "top" is a list; expected a text, or texts by language: {en: Hello}'),
        ("[top]", "half", '"overlays" is a list; expected texts by overlay: {greeting: "Hello {first_name}"}'),
        ('{top: "{rows}"}', "half",
         'overlay "top" "{rows}": "rows" is a list; expected rows|count, rows|list:id or rows|plural:one=…;other=…'),
    ],
)  # fmt: skip
def test_wrong_words_are_one_problem(overlays: str, scene_id: str, problem: str) -> None:
    text = f"{HEAD}story:\n  - {{slot: s, scene: {scene_id}, overlays: {overlays}}}\nfallback: [any]\n"

    assert [found.partition(": ")[2] for found in problems(text, SCENES)] == [problem]


def test_words_of_a_slot_that_none_of_its_scenes_has_are_one_problem() -> None:
    text = f"{HEAD}story:\n{CHOICE}fallback: [any]\n".replace(
        'overlays: {top: "Common {years}", side', "overlays: {topp: x, side"
    )

    assert problems(text, SCENES) == [
        '17:16: no scene of this slot has the overlay "topp" (did you mean "top"?); expected one of: side, top'
    ]


@pytest.mark.parametrize(
    ("stories", "where"),
    [
        ("fallback: [half]", "11:12: {} in the fallback story"),
        ("fallback: [any]\nholdout: {share: 0.1, control: [half]}", "12:33: {} in the control story"),
    ],
)
def test_a_scene_of_a_story_without_words_that_needs_some_is_a_mistake_and_the_story_is_named(
    stories: str, where: str
) -> None:
    text = f"{HEAD}story: [{{slot: s, scene: bare}}]\n{stories}\n"

    told = where.format('nothing fills the overlay "top" of scene "half"')
    assert problems(text, SCENES) == [f"{told}; expected a default when it is packaged, or another scene"]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.example/?r={link_ref}", "https://a.example/?r=r-1"),
        (
            "https://a.example/{plan}/{due}?p={price}&y={years}&n={rows|count}",
            "https://a.example/b/2027-03-31?p=812.40&y=3&n=0",
        ),
        ("https://a.example:8443/#{plan}", "https://a.example:8443/#b"),
        ("https://a.example/{{x}}", None),
    ],
)
def test_an_address_takes_plain_values(url: str, expected: str | None) -> None:
    if expected is None:
        assert problems(
            f'{HEAD}story: [{{slot: s, scene: bare, cta: {{label: Go, url: "{url}"}}}}]\nfallback: [any]\n'
        ) == [
            f'10:54: "url" is "{url}": it has characters that do not belong in an address; expected an address such as '
            "https://example.com/renew"
        ]
    else:
        assert tell(with_url(url), plan="b").decisions[0].cta == CallToAction("Go", expected)


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("https://a.example/{name}",
         "personal attributes may not stand in addresses; expected {link_ref}, which stands for the viewer"),
        ("https://a.example/{price|money}",
         "values stand in addresses as they are; expected no format: {premium} gives 812.40, {renewal_on} gives "
         "2027-03-31"),
        ("https://a.example/{city}", '"city" may be missing; expected it in require, or a default'),
        ("https://{plan}.example/", "its host is not written out; expected the host, then / before the first {…}"),
        ("https://a.example{plan}/", "its host is not written out; expected the host, then / before the first {…}"),
        ("https://a.example:{years}/", "it is not an address; expected an address such as https://example.com/renew"),
        ("{plan}://a.example/", "it does not begin with https://; expected an address such as https://example.com/renew"),
        ("https://a.example /", "it has characters that do not belong in an address; expected an address such as "
                                "https://example.com/renew"),
    ],
)  # fmt: skip
def test_an_address_that_says_too_much_or_leads_astray_is_one_problem(url: str, fault: str) -> None:
    text = f'{HEAD}story: [{{slot: s, scene: bare, cta: {{label: Go, url: "{url}"}}}}]\nfallback: [any]\n'

    assert problems(text, SCENES) == [f'10:54: "url" is "{url}": {fault}']


@pytest.mark.parametrize(
    ("hosts", "allowed"),
    [
        ((), True), (("a.example",), True), (("*.example",), True), (("b.example", "a.example"), True),
        (("b.example",), False), (("*.a.example",), False), (("*.xample",), False), (("example",), False),
    ],
)  # fmt: skip
def test_calls_to_action_lead_to_the_hosts_that_the_server_allows(hosts: tuple[str, ...], allowed: bool) -> None:
    text = f"{HEAD}story: [{{slot: s, scene: bare, cta: {{label: Go, url: https://a.example/}}}}]\nfallback: [any]\n"

    if allowed:
        assert cut(tell(load(text, SCENES, cta_hosts=hosts))) == ["bare"]
    else:
        assert problems(text, SCENES, cta_hosts=hosts) == [
            '10:54: "url" is "https://a.example/": a.example is not an allowed host; expected one of cta_hosts in the '
            f"server's settings: {', '.join(hosts)}"
        ]


def test_the_fallback_keeps_a_call_to_action_that_needs_no_missing_value_and_drops_one_that_does() -> None:
    both = (
        '  - {slot: s, scene: any, cta: {label: Go, url: "https://a.example/{city}"}}\n'
        '  - {slot: t, scene: bare, cta: {label: Go, url: "https://a.example/{link_ref}"}}\n'
    )
    campaign = load(f"{HEAD}require: [city, name]\nstory:\n{both}fallback: [any, bare]\n", SCENES)

    assert [decision.cta for decision in tell(campaign, name="Ana").decisions] == [
        None, CallToAction("Go", "https://a.example/r-1"),
    ]  # fmt: skip
    assert [decision.cta for decision in tell(campaign, city="Bern/x").decisions] == [
        CallToAction("Go", "https://a.example/Bern%2Fx"), CallToAction("Go", "https://a.example/r-1"),
    ]  # fmt: skip
