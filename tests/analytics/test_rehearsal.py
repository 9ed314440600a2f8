"""What is tried of a campaign's words before a launch."""

from dataclasses import replace

from streamsrv.analytics.rehearsal import KEPT, Rehearsal, default_trials
from streamsrv.core.campaign import load_campaign
from streamsrv.core.campaign.document import Mark
from streamsrv.core.hard_names import HARD_NAMES
from streamsrv.core.model import CampaignId, OverlaySlot, SceneId, Viewer, ViewerId
from streamsrv.core.rules import decide
from tests.core.authored import NOW_S, packaged, scene

SLOT = OverlaySlot("text", 0, 1, (0.1, 0.1, 0.8, 0.2), {"": "You"})
SCENES = packaged(replace(scene("card", languages=("en", "ar")), overlays={"line": SLOT, "years": SLOT}), "b")
CAMPAIGN = load_campaign(
    """\
campaign: c
languages: {attribute: tongue, offered: [en, ar], fallback: {ar: [en]}}
schema:
  tongue: {type: enum, values: [en, ar], default: en}
  name: {type: string, max_length: 12, personal: true}
  note: {type: string, default: x}
  years: {type: int, default: 0}
story:
  - {slot: s, scene: card, overlays: {line: "Hi {name}", years: "{years}"}}
fallback: [b]
""",
    where="c.yaml",
    scenes=SCENES,
)

OTHER = "campaign: other\nlang: de\nstory: [{slot: s, scene: b}]\nfallback: [b]\n"


def rehearsal(*names: str) -> Rehearsal:
    made = Rehearsal(CAMPAIGN, SCENES, unit_frames=16)
    for number, name in enumerate(names):
        viewer = Viewer(ViewerId(f"v{number}"), CampaignId("c"), {"name": name, "years": number})
        made.add(viewer, decide(CAMPAIGN, viewer, now_s=NOW_S))
    return made


def test_the_longest_and_the_strangest_of_the_sample_are_tried_and_no_more_than_a_few() -> None:
    trials = list(rehearsal(*("n" * length for length in range(1, 13)), "Ωψξ").trials(now_s=NOW_S))
    theirs = [trial for trial in trials if trial.source.startswith("a viewer's") and trial.overlay == "line"]

    lengths = [len(trial.plan.items[0].text) for trial in theirs]
    assert [15, 14, 13, 12, 11, 10, 6] == lengths
    assert (KEPT + 1, "a viewer's text of 15 characters, told in en") == (len(theirs), theirs[0].source)


def test_hard_names_are_tried_in_every_script_and_language_cut_to_what_the_schema_takes() -> None:
    trials = [trial for trial in rehearsal("Ana").trials(now_s=NOW_S) if trial.source.startswith("a name in")]

    assert {f"a name in {script}, told in {language}" for script in HARD_NAMES for language in ("en", "ar")} == {
        trial.source for trial in trials
    }
    assert all(len(trial.plan.items[0].text) <= len("Hi ") + 12 for trial in trials)
    assert {"line"} == {trial.overlay for trial in trials}


def test_what_is_shown_in_other_languages_is_tried_in_them() -> None:
    years = [trial.source for trial in rehearsal("Ana").trials(now_s=NOW_S) if trial.overlay == "years"]

    assert ["a viewer's text of 1 characters, told in en", "a viewer's text of 1 characters, told in ar"] == years


def test_a_scenes_defaults_are_tried_in_every_language_of_every_campaign_and_in_their_own() -> None:
    slot = replace(SLOT, default={"en": "You", "de": "Sie", "": "Dear"})
    card = replace(SCENES[SceneId("card")], overlays={"line": slot, "seal": replace(slot, kind="image")})
    files = {"a.yaml": CAMPAIGN, "other.yaml": load_campaign(OTHER, where="o", scenes=None)}

    assert [
        ("line", "en", 'the default "You", told in en (shown by a.yaml:9:22)'),
        ("line", "en", 'the default "You", told in ar (shown by a.yaml:9:22)'),
        ("line", "de", 'the default "Sie", told in de (shown by a.yaml:9:22)'),
        ("line", "", 'the default "Dear", told in en (shown by a.yaml:9:22)'),
    ] == [(one.overlay, one.packaged, one.source) for one in default_trials(card, files, unit_frames=16)]


def test_the_stories_without_words_show_defaults_and_say_where() -> None:
    card = replace(SCENES[SceneId("card")], overlays={"line": SLOT})
    text = OTHER.replace("[b]", "[b]\nholdout: {share: 0.5, control: [card]}").replace("lang: de\n", "")
    campaign = load_campaign(text, where="o", scenes={**SCENES, card.scene_id: card})

    (trial,) = default_trials(card, {"o.yaml": campaign}, unit_frames=16)
    assert 'the default "You", told in en (shown by o.yaml:4:33)' == trial.source


def test_what_an_author_wrote_as_it_is_shown_is_tried_without_a_viewer_in_every_language() -> None:
    text = """\
campaign: c
languages: {attribute: tongue, offered: [en, ar], fallback: {ar: [en]}}
schema:
  tongue: {type: enum, values: [en, ar], default: en}
  name: {type: string}
story:
  - slot: s
    scene: card
    overlays:
      line: {text: "Hi {name}", default: {en: You, ar: أنت}}
      years: "{{12}}"
fallback: [b]
"""
    made = Rehearsal(load_campaign(text, where="c.yaml", scenes=SCENES), SCENES, unit_frames=16)

    assert [
        ("line", Mark(10, 47), 'the default "You", told in en'),
        ("line", Mark(10, 56), 'the default "أنت", told in ar'),
        ("years", Mark(11, 14), 'the text "{12}", told in en'),
        ("years", Mark(11, 14), 'the text "{12}", told in ar'),
    ] == [(one.overlay, one.mark, one.source) for one in made.trials(now_s=NOW_S)]


def test_a_viewers_text_is_told_with_their_row_and_where_the_campaign_has_it() -> None:
    made = Rehearsal(CAMPAIGN, SCENES, unit_frames=16)
    viewer = Viewer(ViewerId("v"), CampaignId("c"), {"name": "Ana", "tongue": "ar"})
    made.add(viewer, decide(CAMPAIGN, viewer, now_s=NOW_S), "book.csv:7")

    first = next(made.trials(now_s=NOW_S))
    assert ("line", Mark(9, 45), "a viewer's text of 6 characters, told in ar (book.csv:7)") == (
        first.overlay,
        first.mark,
        first.source,
    )


def test_without_a_viewer_nothing_is_tried() -> None:
    assert [] == list(rehearsal().trials(now_s=NOW_S))


def test_a_chart_is_tried_and_told_by_the_length_of_what_is_written_in_it() -> None:
    slot = OverlaySlot("chart", 0, 1, (0.1, 0.1, 0.8, 0.5), {})
    scenes = packaged(replace(scene("card"), overlays={"history": slot}), "b")
    campaign = load_campaign(
        """\
campaign: c
schema:
  claims: {type: list, max_items: 3, of: {what: {type: string}, paid: {type: int}}}
story:
  - {slot: s, scene: card, overlays: {history: {of: claims, value: paid, label: "{item.what}", text: "{item.paid}"}}}
fallback: [b]
""",
        where="c.yaml",
        scenes=scenes,
    )
    made = Rehearsal(campaign, scenes, unit_frames=16)
    claims = [{"what": "Water", "paid": 120}, {"what": "Hail", "paid": 90}]
    viewer = Viewer(ViewerId("v"), CampaignId("c"), {"claims": claims})
    made.add(viewer, decide(campaign, viewer, now_s=NOW_S))

    assert [("history", f"a viewer's chart of {len('Water120Hail90')} characters, told in en")] == [
        (trial.overlay, trial.source) for trial in made.trials(now_s=NOW_S)
    ]
