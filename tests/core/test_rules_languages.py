"""Every viewer is told the story in a language of the campaign, and what is missing in one is found at load."""

import pytest

from streamsrv.core.campaign import Campaign
from streamsrv.core.model import CallToAction, Overlay
from tests.core.authored import load, packaged, problems, scene, tell

HEAD = """\
campaign: test
title: {en: Title, de: Titel}
brand: Brand
languages:
  attribute: language
  offered: [en, de, fr]
  fallback: {fr: [de, en]}
schema:
  language: {type: string, default: en}
  name: {type: string}
  price: {type: money, currency: CHF, default: 1234.5}
  product: {type: enum, values: [home, car], default: home, labels: {home: {en: house, de: Haus}, car: Auto}}
"""
STORY = """\
story:
  - slot: a
    scene: hello
    overlays:
      text: {text: {en: "Hi {name}", de: "Hallo {name}"}, default: {en: Hi, de: Hallo, fr: Salut}}
      price: "{product|label} {price}"
    cta: {label: {en: Go, de: Los}, url: "https://example.com/{product}"}
fallback: [hello-any]
"""
ALL = ("en", "de", "fr")
SCENES = packaged(scene("hello", "text", "price", languages=ALL, captions=ALL), scene("hello-any", languages=ALL))


def loaded(head: str = HEAD, story: str = STORY) -> Campaign:
    return load(head + story, SCENES)


@pytest.mark.parametrize(
    ("tag", "language", "price", "label"),
    [
        ("en", "en", "house CHF\xa01,234.50", "Go"),
        ("de", "de", "Haus 1.234,50\xa0CHF", "Los"),
        ("de-CH", "de", "Haus CHF\xa01’234.50", "Los"),
        ("DE_ch", "de", "Haus CHF\xa01’234.50", "Los"),
        ("de-CH-1996", "de", "Haus 1.234,50\xa0CHF", "Los"),
        ("fr-CA", "fr", "Haus 1\xa0234,50\xa0CHF", "Los"),
        ("en-GB", "en", "house CHF\xa01,234.50", "Go"),
        ("it", "en", "house CHF\xa01,234.50", "Go"),
        ("not a tag", "en", "house CHF\xa01,234.50", "Go"),
        ("", "en", "house CHF\xa01,234.50", "Go"),
        ("../de", "en", "house CHF\xa01,234.50", "Go"),
    ],
)
def test_a_viewer_is_told_words_in_their_language_and_numbers_in_the_form_of_their_country(
    tag: str, language: str, price: str, label: str
) -> None:
    story = tell(loaded(), language=tag, name="Ana")
    (decision,) = story.decisions

    assert (story.language, decision.cta) == (language, CallToAction(label, "https://example.com/home"))
    assert decision.overlays[1] == Overlay("price", price)


def test_a_text_that_a_language_lacks_is_told_in_the_first_of_its_fallbacks_that_has_it() -> None:
    text = loaded(story=STORY.replace(", fr: Salut", ""))

    stories = [tell(text, language="fr", name=name) for name in ("Ana", None)]

    assert [story.decisions[0].overlays[0] for story in stories] == [
        Overlay("text", "Hallo Ana"), Overlay("text", "Hallo", defaulted=True),
    ]  # fmt: skip


def test_a_default_is_told_in_the_viewers_language() -> None:
    stories = [tell(loaded(), language=tag) for tag in ALL]

    assert [story.decisions[0].overlays[0] for story in stories] == [
        Overlay("text", text, defaulted=True) for text in ("Hi", "Hallo", "Salut")
    ]


def test_the_fallback_and_the_control_story_are_told_in_the_viewers_language_too() -> None:
    campaign = loaded(HEAD + "require: [name]\nholdout: {share: 0.1}\n")

    assert (tell(campaign, language="de-AT").language, tell(campaign, language="de-AT").fallback) == (
        "de", "data_missing",
    )  # fmt: skip
    assert tell(campaign, language="fr", assigned={"holdout": "held_out"}).language == "fr"


def test_a_broken_language_is_no_reason_for_the_fallback_when_no_rule_reads_it() -> None:
    story = tell(loaded(), language=7, name="Ana")

    assert (story.language, story.fallback) == ("en", None)


def test_texts_of_the_page_are_picked_by_language() -> None:
    campaign = loaded()

    assert [(campaign.told(campaign.titles, tag), campaign.told(campaign.brands, tag)) for tag in ALL] == [
        ("Title", "Brand"), ("Titel", "Brand"), ("Titel", "Brand"),
    ]  # fmt: skip


def test_a_campaign_of_a_region_is_for_all_who_speak_its_language() -> None:
    campaign = load(
        "campaign: x\nlanguages: {attribute: l, offered: [en, pt-BR]}\nschema: {l: {type: string}}\n"
        "story: [{slot: a, scene: b}]\nfallback: [b]\n"
    )

    assert [tell(campaign, l=tag).language for tag in ("pt", "pt-PT", "pt-BR", "en-AU", "xx")] == [
        "pt-BR", "pt-BR", "pt-BR", "en", "en",
    ]  # fmt: skip


def test_a_campaign_of_one_language_is_told_in_it() -> None:
    campaign = load("campaign: x\nlang: de\nstory: [{slot: a, scene: b}]\nfallback: [b]\n")

    assert tell(campaign).language == "de"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("{en: Go, de: Los}", "{en: Go}",
         '"label" has no text in de; expected one in that language, or a fallback for it: languages: {fallback: '
         "{de: […]}}"),
        ("{en: Go, de: Los}", "{de: Los}",
         '"label" has no text in en; expected one in that language, or a fallback for it: languages: {fallback: '
         "{en: […]}}"),
        ('en: "Hi {name}", de: "Hallo {name}"', 'en: "Hi {name}"',
         'overlay "text" has no text in de; expected one in that language, or a fallback for it: languages: '
         "{fallback: {de: […]}}"),
        ("{en: Hi, de: Hallo, fr: Salut}", "{fr: Salut}",
         'the default of overlay "text" has no text in en, de; expected one in that language, or a fallback for it: '
         "languages: {fallback: {en: […]}}"),
        ("{en: house, de: Haus}", "{de: Haus}",
         'the label of "home" has no text in en; expected one in that language, or a fallback for it: languages: '
         "{fallback: {en: […]}}"),
        ("{en: Title, de: Titel}", "{en: Title, de: Titel, it: Titolo}",
         '"it" is no language of this campaign; expected one of: en, de, fr'),
        ("{en: Title, de: Titel}", "{en: Title, de: ''}", '"title" is empty; expected a text'),
        ("offered: [en, de, fr]", "offered: [en, de, fr, fr]", '"fr" is given twice; expected each language once'),
        ("fallback: {fr: [de, en]}", "fallback: {fr: [german]}",
         '"german" is no language (did you mean "de"?); expected a language tag such as en or pt-BR'),
        ("brand: Brand", "brand: Brand\nlang: en",
         '"lang" and "languages" are both given; expected "languages" alone: the first that is offered is the '
         "default"),
        ("attribute: language", "attribute: price",
         '"price" holds no text; expected an attribute of type enum or string'),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_language_is_one_problem(old: str, new: str, expected: str) -> None:
    assert (HEAD + STORY).count(old) == 1

    assert [problem.partition(": ")[2] for problem in problems((HEAD + STORY).replace(old, new), SCENES)] == [expected]


def test_a_scene_without_the_sound_or_the_captions_of_a_language_is_found() -> None:
    scenes = packaged(
        scene("hello", "text", "price", languages=["en", "fr"], captions=["en", "fr"]),
        scene("hello-any", languages=["en"]),
    )
    instead = "a fallback: languages: {fallback: {de: [en]}}"

    assert problems(HEAD + STORY, scenes) == [
        f"4:1: no scene of this campaign has sound in de; expected scenes packaged in de, or {instead}",
        f'15:12: scene "hello" has no captions in de; expected it packaged in de, or {instead}',
    ]


def test_a_language_that_only_some_scenes_lack_is_told_at_each_of_them() -> None:
    scenes = packaged(
        scene("hello", "text", "price", languages=["en", "fr"]), scene("hello-any", languages=["en", "de", "fr"])
    )

    assert problems(HEAD + STORY, scenes) == [
        '15:12: scene "hello" has no sound in de; expected it packaged in de, or a fallback: languages: {fallback: '
        "{de: [en]}}"
    ]


def test_a_language_whose_fallback_has_the_sound_needs_none_of_its_own() -> None:
    scenes = packaged(
        scene("hello", "text", "price", languages=["en", "de"], captions=["en", "de"]),
        scene("hello-any", languages=["en", "de"]),
    )

    assert loaded().languages == load(HEAD + STORY, scenes).languages
