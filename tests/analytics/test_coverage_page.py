"""What coverage writes for people: no viewer's values, names as text, numbers that read well."""

import orjson
import pytest

from streamsrv.analytics.coverage_page import page
from streamsrv.analytics.wording import counted, listed, percent, seconds
from tests.analytics.samples import ALWAYS, WORDS, cover, load, people, person, scene, stock


def test_no_value_of_a_viewer_is_in_the_document_or_on_the_page() -> None:
    scenes = stock(scene("next", 4, 4, 4, name=(0, 8), premium=(4, 8), note=(8, 12)), scene("sorry"))
    campaign = load(WORDS.replace('"{name|text}"', '{text: "{name}", default: You}'), scenes=scenes)
    report = cover(campaign, people({"name": "Zuzanna", "premium": "4711.99"}, {"product": "gondola"}), scenes)

    for written in (orjson.dumps(report).decode(), page(report)):
        assert [] == [value for value in ("Zuzanna", "4711", "4,711", "gondola") if value in written]


def test_the_page_shows_names_as_text() -> None:
    viewer = person("<script>alert(1)</script>")
    scenes = stock(scene("bye"), scene("sorry"))

    shown = page(cover(load(ALWAYS, scenes=scenes), [viewer], scenes))

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    assert "<script" not in shown


@pytest.mark.parametrize(
    ("share", "told"),
    [(0, "0.0 %"), (0.0004, "< 0.1 %"), (0.5, "50.0 %"), (0.9999, "> 99.9 %"), (1, "100.0 %")],
)
def test_a_few_are_never_told_as_none_nor_almost_all_as_all(share: float, told: str) -> None:
    assert told == percent(share)


def test_numbers_read_well_in_sentences() -> None:
    assert ["1 viewer", "1,203 viewers"] == [counted(1, "viewer"), counted(1203, "viewer")]
    assert ["", "a", "a and b", "a, b and c"] == [listed(tuple("abc"[:count])) for count in range(4)]
    assert ["99.9 s", "1:40 min", "2:05 min"] == [seconds(99.94), seconds(99.96), seconds(125)]
