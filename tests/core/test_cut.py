"""A cut goes into a token and comes back as the same video, also in a process that knows another release."""

from dataclasses import replace

import pytest

from streamsrv.core.campaign import Campaign, load_campaign
from streamsrv.core.cut import cut_of, language_of, placed
from streamsrv.core.errors import Expired, Invalid, NotFound
from streamsrv.core.model import Decision, Scene, SceneId, Story, Viewer, ViewerId
from streamsrv.core.rules import decide
from tests.timelines import make_catalog, make_scene

TEXT = """\
campaign: x
languages: {attribute: lang, offered: [en, de]}
schema: {lang: {type: string}, good: {type: bool, default: false}}
require: [lang]
story:
  - {slot: hello, scene: a}
  - {slot: thanks, scene: b, when: good}
  - {slot: bye, scene: a}
fallback: [b]
"""
SCENES = {name: make_scene(name, languages=("en", "de"), caption_languages=("en", "de")) for name in "abc"}
CATALOG = make_catalog(*SCENES.values())


def campaign(text: str = TEXT) -> Campaign:
    return load_campaign(text, where="x.yaml", scenes=CATALOG.scenes)


def story(of: Campaign, **attributes: object) -> Story:
    return decide(of, Viewer(ViewerId("v"), of.campaign_id, attributes), now_s=0)


def shown(scenes: list[tuple[Scene, str]]) -> list[tuple[str, str]]:
    return [(scene.scene_id, slot) for scene, slot in scenes]


def test_scenes_slots_language_and_kind_come_back() -> None:
    live = campaign()
    cut = cut_of(live, story(live, lang="de", good=True), CATALOG)

    assert [("a", "hello"), ("b", "thanks"), ("a", "bye")] == shown(list(placed(cut, live, CATALOG)))
    assert ("de", "personal", False) == (language_of(cut, live), cut.kind, cut.no_events)


def test_the_fallback_story_has_a_slot_of_its_own() -> None:
    live = campaign()
    cut = cut_of(live, story(live), CATALOG, no_events=True)

    assert [("b", "fallback")] == shown(list(placed(cut, live, CATALOG)))
    assert ("fallback", True) == (cut.kind, cut.no_events)


def test_slots_have_no_name_where_another_release_is_live() -> None:
    before = campaign()
    after = campaign(TEXT.replace("slot: hello", "slot: welcome").replace("offered: [en, de]", "offered: [en]"))
    cut = cut_of(before, story(before, lang="de"), CATALOG)

    assert [("a", ""), ("a", "")] == shown(list(placed(cut, after, CATALOG)))
    assert "en" == language_of(cut, after)


def test_a_scene_that_was_packaged_anew_ends_the_sessions_that_show_it() -> None:
    live = campaign()
    cut = cut_of(live, story(live, lang="en"), CATALOG)
    anew = make_catalog(*(replace(scene, key="0" * 16) for scene in SCENES.values()))

    with pytest.raises(Expired):
        list(placed(cut, live, anew))


@pytest.mark.parametrize("scene_ids", [[], ["nowhere"], ["a"] * 201], ids=["none", "not packaged", "too many"])
def test_a_story_that_cannot_be_shown_is_refused(scene_ids: list[str]) -> None:
    decisions = tuple(Decision("hello", SceneId(scene_id), "") for scene_id in scene_ids)
    with pytest.raises(NotFound):
        cut_of(campaign(), Story(decisions), CATALOG)


def test_scenes_that_would_be_taken_for_each_other_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streamsrv.core.catalog.scene_tag", lambda scene: b"alike")

    with pytest.raises(Invalid, match="scene b: has the same tag in playback tokens as scene a, by chance"):
        make_catalog(SCENES["a"], SCENES["b"])


def test_one_film_under_two_names_is_two_scenes() -> None:
    twin = replace(SCENES["a"], scene_id=SceneId("twin"))
    catalog = make_catalog(SCENES["a"], twin)

    assert 2 == len(catalog.by_tag)
