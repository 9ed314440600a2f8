"""Caption files in, one WebVTT text on the viewer's clock out."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamsrv.core.captions import format_captions, parse_captions
from streamsrv.core.errors import Invalid
from streamsrv.core.model import Cue
from tests.timelines import make_catalog, make_scene, make_timeline

VTT = """\ufeffWEBVTT - a title\r
\r
NOTE a remark\r
\r
intro\r
00:01.000 --> 00:02.500 align:start position:10%\r
<i>Hello</i>\r
there\r
\r
01:00:00.000 --> 01:00:01.000\r
Later\r
"""
SRT = """1
00:00:01,000 --> 00:00:02,500
{\\an8}<font color="red">Hello</font>
there

2
00:00:03,000 --> 00:00:04,000
A --> B
"""


def test_webvtt_is_read() -> None:
    expected = (
        Cue(1000, 2500, "<i>Hello</i>\nthere", "align:start position:10%"),
        Cue(3_600_000, 3_601_000, "Later"),
    )
    assert expected == parse_captions(VTT, where="a.vtt")


def test_subrip_is_read_without_its_fonts_and_arrows() -> None:
    assert (Cue(1000, 2500, "Hello\nthere"), Cue(3000, 4000, "A -> B")) == parse_captions(SRT, where="a.srt")


def test_every_broken_cue_is_named_with_its_line() -> None:
    text = "WEBVTT\n\n00:02.000 --> 00:01.000\nBackwards\n\nno timing\nhere\n\n00:01.000 --> 00:02.000\nFine\n"
    with pytest.raises(Invalid) as caught:
        parse_captions(text, where="a.vtt")
    assert [problem.where for problem in caught.value.problems] == ["a.vtt:3", "a.vtt:6"]


@pytest.mark.parametrize("text", ["", "WEBVTT\n", "\n\n"])
def test_a_file_without_cues_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="no captions"):
        parse_captions(text, where="a.vtt")


cues = st.builds(
    lambda start_ms, length_ms, text: Cue(start_ms, start_ms + length_ms, text),
    st.integers(0, 10**8),
    st.integers(1, 10**6),
    st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=30).filter(
        lambda text: "-->" not in text
    ),
)


@given(st.lists(cues, min_size=1, max_size=20))
def test_what_is_written_is_read_back(made: list[Cue]) -> None:
    made.sort(key=lambda cue: (cue.start_ms, cue.end_ms))
    assert tuple(made) == parse_captions(format_captions((0, cue) for cue in made), where="made.vtt")


@given(st.text(max_size=300))
def test_any_text_gives_cues_in_order_or_a_clear_refusal(text: str) -> None:
    with contextlib.suppress(Invalid):
        found = parse_captions("WEBVTT\n\n" + text, where="any.vtt")
        assert list(found) == sorted(found, key=lambda cue: (cue.start_ms, cue.end_ms))


def test_captions_stand_on_the_viewers_clock() -> None:
    hello, bye = make_scene("hello", (3,)), make_scene("bye", (2,))
    timeline = make_timeline(make_catalog(hello, bye), ["hello", "bye"])

    expected = """\
WEBVTT
X-TIMESTAMP-MAP=MPEGTS:0,LOCAL:00:00:00.000

1
00:00:00.000 --> 00:00:01.600
hello in en

2
00:00:01.600 --> 00:00:02.667
bye in en
"""
    assert expected == timeline.captions("en")
