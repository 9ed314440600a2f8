"""What holds for every campaign that loads and for every viewer, whatever the one says and the other has."""

import json
import pickle
import re
import subprocess
import sys
from datetime import UTC, datetime, time
from pathlib import Path

import orjson
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from streamsrv.core.campaign import Campaign, ForEach, check_viewer, load_campaign
from streamsrv.core.campaign.campaign import OverlayChart
from streamsrv.core.campaign.cel import Failed, evaluate
from streamsrv.core.catalog import build_catalog
from streamsrv.core.cut import cut_of, language_of, placed
from streamsrv.core.errors import Invalid, Problem
from streamsrv.core.experiments import HOLDOUT
from streamsrv.core.model import (
    CampaignId,
    LinkId,
    Overlay,
    Scene,
    SceneId,
    Session,
    SessionId,
    Story,
    Viewer,
    ViewerId,
)
from streamsrv.core.pin import pin_document, read_pin
from streamsrv.core.playlist import PlaylistWriter
from streamsrv.core.rules import DATA_MISSING, HELD_OUT, Explanation, assignments, decide, document, explain
from streamsrv.core.rules.asking import ask_all, values_at
from streamsrv.core.timeline import build_timeline, lay_end_to_end
from tests.campaigns import SECRETS, Case, Drawn, campaigns, cases, loaded
from tests.campaigns.library import make_library
from tests.timelines import make_scenes

ROOT = Path(__file__).parents[2]
CASES = 200
# Campaigns compile rules: how long that takes depends on who else uses the machine.
unhurried = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
SCRIPT = """\
import pickle, sys
from streamsrv.core.campaign import load_campaign
from streamsrv.core.rules import decide, document, explain
from tests.campaigns import Case
with open(sys.argv[1], "rb") as file:
    cases = pickle.load(file)
told = []
for drawn, viewer, now_s in reversed(cases) if sys.argv[2] == "backwards" else cases:
    campaign = load_campaign(drawn.text, where="drawn.yaml", scenes=drawn.scenes)
    explanation = explain(campaign, viewer, now_s=now_s)
    told.append(f"{decide(campaign, viewer, now_s=now_s)!r} {document(explanation)!r}")
print(*(reversed(told) if sys.argv[2] == "backwards" else told), sep="\\n")
"""


def story_of(case: Case) -> tuple[Campaign, Story]:
    campaign = loaded(case.drawn)
    return campaign, decide(campaign, case.viewer, now_s=case.now_s)


def explanation_of(case: Case) -> Explanation:
    return explain(loaded(case.drawn), case.viewer, now_s=case.now_s)


def length_ms(campaign: Campaign, story: Story) -> int:
    return sum(campaign.durations_ms[decision.scene_id] for decision in story.decisions)


def written(text: str) -> str:
    """`text` without what stands between the digits of a number."""
    return re.sub(r"(?<=\d)[.,'’٬\s](?=\d)", "", text)


@unhurried
@given(cases())
def test_every_story_is_a_video_with_all_its_playlists(case: Case) -> None:
    campaign, story = story_of(case)
    catalog = build_catalog(case.drawn.scenes.values(), target_duration_s=6)
    timeline = build_timeline(story.decisions, catalog, campaign.languages)
    cut = cut_of(campaign, story, catalog)
    assert (timeline, story.language) == (
        lay_end_to_end(placed(cut, campaign, catalog), catalog, campaign.languages),
        language_of(cut, campaign),
    )
    writer = PlaylistWriter(catalog)

    lists = [writer.multivariant(timeline, default_language=story.language)]
    lists += [write(timeline, rung.name) for rung in catalog.rungs for write in (writer.video, writer.iframe)]
    lists += [writer.audio(timeline, language) for language in timeline.languages()]
    lists += [writer.text(timeline, language) for language in timeline.caption_languages()]
    assert all(text.startswith("#EXTM3U\n") for text in lists)
    assert all(timeline.captions(language).startswith("WEBVTT") for language in timeline.caption_languages())


@unhurried
@given(cases())
def test_an_explanation_tells_the_story_that_is_decided(case: Case) -> None:
    _, story = story_of(case)

    assert story == explanation_of(case).story


@unhurried
@given(cases())
def test_what_is_pinned_of_a_session_comes_back_through_json(case: Case) -> None:
    explanation = explanation_of(case)
    session = Session(SessionId("ab" * 16), LinkId(b"x" * 21), 0, 1, case.now_s, case.now_s + 60)
    pinned = read_pin(json.loads(json.dumps(pin_document(session, explanation, case.viewer))))

    story = explanation.story
    assert (story.decisions, story.kind, story.language) == (pinned.decisions, pinned.kind, pinned.language)
    assert dict(story.arms) == pinned.arms


@unhurried
@given(cases())
def test_a_viewer_whose_data_was_checked_before_gets_the_same_story(case: Case) -> None:
    campaign, story = story_of(case)
    attributes, _ = check_viewer(campaign.schema, case.viewer.attributes)
    checked = Viewer(case.viewer.viewer_id, case.viewer.campaign_id, attributes, case.viewer.link_ref)

    assert story == decide(campaign, checked, now_s=case.now_s)


@settings(unhurried, max_examples=200)
@given(cases())
def test_rules_asked_together_give_what_cel_gives_for_each(case: Case) -> None:
    campaign = loaded(case.drawn)
    attributes, _ = check_viewer(campaign.schema, case.viewer.attributes)
    now = datetime.fromtimestamp(case.now_s, UTC)
    day = now.astimezone(campaign.timezone).date()
    plain = {**attributes.bound, "now": now, "today": datetime.combine(day, time.min, UTC)}
    alone = [evaluate(rule.expression, plain) for rule in campaign.rules]

    together = ask_all(campaign, values_at(campaign, attributes, case.now_s))
    assert [None if isinstance(value, Failed) else value for value in alone] == list(together)


@unhurried
@given(cases())
def test_a_document_is_json_and_shows_nothing_personal(case: Case) -> None:
    explanation = explanation_of(case)
    told = document(explanation)
    text = written(orjson.dumps({key: told[key] for key in told if key != "release"}).decode())

    assert [] == [secret for secret in SECRETS if secret in text]
    inputs = told["inputs"]
    assert isinstance(inputs, dict)
    personal = [name for name, field in explanation.campaign.schema.fields.items() if field.personal]
    assert ["(personal)"] * len(inputs.keys() & personal) == [inputs[name] for name in personal if name in inputs]


@unhurried
@given(cases())
def test_no_video_is_longer_than_the_campaign_allows(case: Case) -> None:
    campaign, story = story_of(case)

    assert campaign.max_duration_ms is None or length_ms(campaign, story) <= campaign.max_duration_ms


@unhurried
@given(cases())
def test_a_group_is_shown_whole_or_not_at_all(case: Case) -> None:
    campaign, story = story_of(case)
    shown = {decision.slot for decision in story.decisions}

    for group in campaign.groups if story.kind == "personal" else ():
        members = {slot.name for slot in campaign.slots if slot.group == group}
        assert members & shown in (members, set())


@unhurried
@given(cases())
def test_every_slot_of_a_personal_story_is_shown_or_said_to_be_skipped(case: Case) -> None:
    campaign, story = story_of(case)
    shown = dict.fromkeys(decision.slot for decision in story.decisions)
    skipped = {slot for slot, _ in story.skipped}
    slots = [slot.name for slot in campaign.slots]

    assert story.kind != "personal" or [slot for slot in slots if slot not in skipped] == list(shown)


@unhurried
@given(cases())
def test_a_list_is_told_from_no_more_records_than_it_has_and_none_twice(case: Case) -> None:
    campaign, story = story_of(case)
    attributes, _ = check_viewer(campaign.schema, case.viewer.attributes)

    for slot in campaign.slots:
        items = [one.item for one in story.decisions if one.slot == slot.name and one.item is not None]
        if isinstance(slot.content, ForEach):
            assert set(items) <= set(range(attributes.lengths.get(slot.content.attribute, 0)))
            assert len(items) == len(set(items)) <= (slot.content.max_items or len(items))


@unhurried
@given(cases())
def test_who_is_held_out_sees_the_control_story_and_nobody_else_does(case: Case) -> None:
    campaign = loaded(case.drawn)
    control = [shown.scene_id for shown in campaign.holdout.control] if campaign.holdout else []
    story = decide(campaign, case.viewer, now_s=case.now_s, assigned={HOLDOUT: HELD_OUT})

    assert story.held_out == (campaign.holdout is not None)
    assert not story.held_out or control == [decision.scene_id for decision in story.decisions]
    assert () == story.arms or not story.held_out


@unhurried
@given(cases())
def test_a_viewer_without_what_is_needed_gets_the_fallback_story(case: Case) -> None:
    campaign = loaded(case.drawn)
    attributes, _ = check_viewer(campaign.schema, case.viewer.attributes)
    story = decide(campaign, case.viewer, now_s=case.now_s, assigned={})
    fallback = [shown.scene_id for shown in campaign.fallback]

    assert (story.fallback == DATA_MISSING) == (not attributes.keys() >= campaign.needs)
    assert story.fallback is None or fallback == [decision.scene_id for decision in story.decisions]


@unhurried
@given(cases())
def test_every_overlay_has_a_text_or_its_default(case: Case) -> None:
    _, story = story_of(case)
    overlays = [overlay for decision in story.decisions for overlay in decision.overlays if overlay.name != "chart"]

    assert [] == [overlay.name for overlay in overlays if not overlay.text and not overlay.defaulted]


@unhurried
@given(cases())
def test_a_chart_has_no_more_marks_than_its_list_has_records_and_its_author_allows(case: Case) -> None:
    campaign, story = story_of(case)
    attributes, _ = check_viewer(campaign.schema, case.viewer.attributes)
    charts = {
        (shown.scene_id, one.name): one
        for shown in campaign.all_shown() for one in shown.overlays if isinstance(one, OverlayChart)
    }  # fmt: skip

    for decision in story.decisions:
        for overlay in decision.overlays:
            if overlay.marks:
                chart = charts[decision.scene_id, overlay.name].records
                assert len(overlay.marks) <= min(chart.max_items or 24, attributes.lengths[chart.attribute])


@unhurried
@given(cases())
def test_a_story_shows_packaged_scenes_with_overlays_they_have(case: Case) -> None:
    _, story = story_of(case)

    for decision in story.decisions:
        scene: Scene = case.drawn.scenes[decision.scene_id]
        assert {overlay.name for overlay in decision.overlays} <= scene.overlays.keys()


@unhurried
@given(cases(), st.text(st.characters(exclude_categories=["Cs"]), max_size=10))
def test_what_the_ledger_holds_is_what_assignment_gives(case: Case, unit: str) -> None:
    campaign = loaded(case.drawn)
    recorded = assignments(campaign, unit)

    assert recorded == assignments(campaign, unit)
    assert HELD_OUT == recorded.get(HOLDOUT) or {one.name for one in campaign.experiments} <= recorded.keys()


@pytest.fixture(scope="module")
def many_cases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same few hundred cases in every run, in a file."""
    found: list[Case] = []

    @settings(unhurried, max_examples=CASES, derandomize=True, database=None, phases=[Phase.generate], print_blob=False)
    @given(cases())
    def gather(case: Case) -> None:
        loaded(case.drawn)
        found.append(case)

    gather()
    path = tmp_path_factory.mktemp("cases") / "cases.pickle"
    path.write_bytes(pickle.dumps(found))
    return path


def test_every_process_tells_the_same_stories(many_cases: Path) -> None:
    def told(seed: str, order: str) -> bytes:
        env = {"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-c", SCRIPT, str(many_cases), order]
        return subprocess.run(command, env=env, cwd=ROOT, capture_output=True, check=True, timeout=120).stdout

    first = told("0", "forwards")

    assert first.count(b"\n") >= CASES
    assert first == told("1", "forwards")
    assert first == told("12345", "backwards")


def test_nearly_all_that_is_drawn_loads() -> None:
    """Chance writes rules that nobody meets; were it to do so often, the tests above would test little."""
    outcomes: list[bool] = []

    @settings(unhurried, max_examples=100, derandomize=True, database=None, phases=[Phase.generate], print_blob=False)
    @given(campaigns())
    def count(drawn: Drawn) -> None:
        outcomes.append(False)
        loaded(drawn)
        outcomes[-1] = True

    count()
    assert sum(outcomes) > len(outcomes) * 2 // 3


def test_a_rule_over_a_date_is_asked_and_does_not_fail() -> None:
    text = "campaign: x\nschema: {on: {type: date}}\nrequire: [on]\nstory:\n"
    text += "  - {slot: early, scene: a, when: 'on < timestamp(\"2027-01-01T00:00:00Z\")'}\nfallback: [b]\n"
    campaign = load_campaign(text, where="x.yaml", scenes=make_scenes("a", "b"))
    viewer = Viewer(ViewerId("v"), CampaignId("x"), {"on": "2026-05-05"})

    story = decide(campaign, viewer, now_s=0)
    assert [("early", SceneId("a"))] == [(one.slot, one.scene_id) for one in story.decisions]


@pytest.mark.parametrize("name", ["", " ", "\u200b"])
def test_a_blank_value_leaves_the_default(name: str) -> None:
    text = "campaign: x\nschema: {name: {type: string}}\nstory:\n  - slot: a\n    scene: a\n"
    text += '    overlays: {greeting: {text: "{name}", default: You}}\nfallback: [a]\n'
    campaign = load_campaign(text, where="x.yaml", scenes=None)
    story = decide(campaign, Viewer(ViewerId("v"), CampaignId("x"), {"name": name}), now_s=0)

    assert (Overlay("greeting", "You", defaulted=True),) == story.decisions[0].overlays


def test_a_default_that_is_wrong_is_one_problem() -> None:
    text = "campaign: x\nschema: {name: {type: string}}\nstory:\n  - slot: a\n    scene: card\n"
    text += '    overlays: {line: {text: "{name}", default: "a\\tb"}}\nfallback: [plain]\n'
    with pytest.raises(Invalid) as caught:
        load_campaign(text, where="x.yaml", scenes=make_library(("en",), (), 25))

    what = 'the default of overlay "line" has control characters: "a\N{REPLACEMENT CHARACTER}b"'
    assert (Problem("x.yaml:6:48", what, "printable text"),) == caught.value.problems


@pytest.mark.parametrize("label", ["می\u200cخواهم", "👩\u200d👩\u200d👧", "Oui\u00a0!"])
def test_a_label_may_have_the_joiners_and_spaces_that_texts_have(label: str) -> None:
    text = f"campaign: x\ntitle: {label}\nstory:\n  - {{slot: a, scene: a}}\nfallback: [a]\n"

    assert {"": label} == load_campaign(text, where="x.yaml", scenes=None).titles
