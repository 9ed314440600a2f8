"""What `streamsrv check` notes about captions that viewers read in another language, or not at all."""

from streamsrv.cli.check_captions import caption_notes
from streamsrv.core.campaign import load_campaign
from tests.core.authored import packaged, scene

CAMPAIGN = """\
campaign: spring
languages: {attribute: language, offered: [en, ar, de], fallback: {ar: [en], de: [en]}}
schema:
  language: {type: string, default: en}
story:
  - {slot: one, scene: one}
  - {slot: two, scene: two}
  - {slot: three, scene: three}
fallback: [one]
"""
BOTH = ("en", "ar")


def noted(one: tuple[str, ...], two: tuple[str, ...], three: tuple[str, ...]) -> list[str]:
    given = {"one": one, "two": two, "three": three}
    scenes = packaged(*(scene(name, languages=["en"], captions=tags) for name, tags in given.items()))
    campaign = load_campaign(CAMPAIGN, where="spring.yaml", scenes=scenes)
    return [note.removeprefix("campaign spring: ") for note in caption_notes([campaign], scenes)]


def test_a_language_in_which_another_is_read_is_noted_with_its_scenes() -> None:
    assert [
        "scene two has no captions in ar; who is told it in ar reads those in en",
        "all 3 scenes have no captions in de; who is told it in de reads those in en",
    ] == noted(BOTH, ("en",), BOTH)


def test_scenes_without_captions_among_others_with_them_are_noted() -> None:
    assert [
        "scene one has no captions in de; who is told it in de reads those in en",
        "scenes three, two have no captions in any language, while others have some",
    ] == noted(BOTH, (), ())


def test_a_campaign_without_captions_has_no_notes() -> None:
    assert [] == noted((), (), ())
