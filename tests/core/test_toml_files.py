"""What a wrong settings file, ladder or brand kit is told: file, line, key, what stands there, what belongs there."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamsrv.config import load_ladder, load_settings
from streamsrv.core.brand import parse_kit
from streamsrv.core.errors import Invalid
from streamsrv.core.toml_files import key_lines

COLOUR = "expected a colour: #rrggbb, or #rrggbbaa for one that lets the picture through"


def told(path: Path, text: str, environ: dict[str, str] | None = None) -> list[str]:
    path.write_text(text)
    with pytest.raises(Invalid) as caught:
        load_ladder(path) if path.name == "ladder.toml" else load_settings(path, environ or {})
    return [str(problem).replace(str(path.parent), ".") for problem in caught.value.problems]


def of_kit(text: str) -> list[str]:
    with pytest.raises(Invalid) as caught:
        parse_kit(text, where="brand.toml")
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[server]\nhost = 'a'\nprot = 1\n", '3: server.prot: is not a key of this table (did you mean "port"?); '
         "expected one of host, port, "),
        ("[sever]\nport = 1\n", '1: sever: is not a section (did you mean "server"?); expected one of server, '),
        ("[server]\nport = 'http'\n", '2: server.port: is "http"; expected a whole number'),
        ("[server]\nworkers = 1.5\n", "2: server.workers: is 1.5; expected a whole number"),
        ("[server]\n\nport = 65_536\n", "3: server.port: is 65536; expected at most 65535"),
        ("[server]\nidle_deadline_s = 0\n", "2: server.idle_deadline_s: is 0; expected more than 0"),
        ("server = 3\n", "1: server: is no table; expected a table"),
        ("links = 3\n", "1: links: is no table; expected a table"),
        ("[campaigns]\ncta_hosts = 'a.b'\n", '2: campaigns.cta_hosts: is "a.b"; expected a list'),
        ("[campaigns]\ncta_hosts = ['a.b', 3]\n", "2: campaigns.cta_hosts.2: is 3; expected a text"),
        ("[sources]\nallow_private = ['x']\n", '2: sources.allow_private.1: is "x"; expected a network such as '),
        ("[rendering]\nkit = 3\n", "2: rendering.kit: is 3; expected a path"),
        ("[state]\nredis_url = 3\n", "2: state.redis_url: is something else; expected a text"),
        ("[server]\nhost = \n", "2: is not TOML: invalid value; expected lines such as "),
    ],
)  # fmt: skip
def test_a_setting_that_is_wrong_is_told_with_its_line(tmp_path: Path, text: str, problem: str) -> None:
    (found,) = told(tmp_path / "server.toml", text)

    assert found.startswith(f"./server.toml:{problem}")


def test_a_setting_of_the_environment_that_is_wrong_is_told_by_its_name(tmp_path: Path) -> None:
    environ = {"STREAMSRV_SERVER_PORT": "http", "STREAMSRV_STATE_POOLSIZE": "3"}

    port, pool = told(tmp_path / "server.toml", "[server]\nhost = 'a'\n", environ)
    assert 'STREAMSRV_SERVER_PORT: is "http"; expected a whole number' == port
    assert pool.startswith('STREAMSRV_STATE_POOLSIZE: is not a key of this table (did you mean "pool_size"?)')


def test_each_rung_of_a_ladder_is_told_with_its_own_line(tmp_path: Path) -> None:
    rung = "[[rung]]\nname = 'a'\nwidth = 16\nheight = 16\naverage_bps = 10_000\npeak_bps = 10_000\nlevel = '3.0'\n"
    wrong = rung.replace("'a'", "'A'").replace("width = 16", "width = 17").replace("level", "levl")

    name, width, level, *others = told(tmp_path / "ladder.toml", f"frame_rate = 30\naudio_bps = 96_000\n{rung}{wrong}")
    assert [] == others
    assert './ladder.toml:11: rung.2.name: is "A"; expected small letters and digits, 16 at most' == name
    assert "./ladder.toml:12: rung.2.width: is 17; expected a multiple of 2" == width
    assert level.startswith('./ladder.toml:16: rung.2.levl: is not a key of this table (did you mean "level"?)')


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('colour = "red"', f'colour: is "red" (did you mean "#ff0000"?); {COLOUR}'),
        ('colour = "0f1b2d"', f'colour: is "0f1b2d" (did you mean "#0f1b2d"?); {COLOUR}'),
        ('plate = "#fffc"', f'plate: is "#fffc" (did you mean "#ffffffcc"?); {COLOUR}'),
        ('accent = "#0f1b2g"', f'accent: is "#0f1b2g"; {COLOUR}'),
        ("accent = 255", "accent: is 255; expected a text"),
        ('font = "Manrope-bold"', 'font: is "Manrope-bold" (did you mean "Manrope-Bold"?); expected one of '
         "Manrope-Medium, Manrope-Bold, Manrope-ExtraBold"),
        ("size = 3", "size: is 3; expected at most 0.5"),
        ('shadow = "yes please"', 'shadow: is "yes please"; expected true or false'),
        ("min_size = 0.3", "min_size: is 0.3; expected at most size, which is 0.06"),
    ],
)  # fmt: skip
def test_a_style_that_is_wrong_is_told_with_its_line(line: str, problem: str) -> None:
    assert [f"brand.toml:3: style.a.{problem}"] == of_kit(f"# ours\n[style.a]\n{line}\n")


def test_a_key_that_no_style_has_is_told_with_those_there_are() -> None:
    (found,) = of_kit('[style.a]\ncolor = "#000000"\n')

    assert found.startswith(
        'brand.toml:2: style.a.color: is not a key of this table (did you mean "colour"?); expected one of font, size, '
    )


def test_a_kit_without_its_table_is_told_once() -> None:
    assert ['brand.toml:1: styl: is not a section (did you mean "style"?); expected one of style'] == of_kit(
        "[styl.a]\nsize = 0.1\n"
    )


@given(st.text())
def test_every_text_has_lines_of_keys(text: str) -> None:
    assert all(1 <= line <= text.count("\n") + 1 for line in key_lines(text).values())
