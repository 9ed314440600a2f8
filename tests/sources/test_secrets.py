"""Secrets of headers come from the environment or a folder, and what is missing is told before anybody is served."""

from pathlib import Path

import pytest

from streamsrv.config import load_settings
from streamsrv.core.errors import Invalid
from streamsrv.sources.secrets import read_secrets, secrets_of
from tests.core.authored import load, packaged

CAMPAIGN = """\
campaign: test
schema: {premium: {type: money, currency: EUR}}
sources:
  crm: {url: "https://a.example/", map: {premium: /p}, headers: {Authorization: "Bearer {secret:CRM}", X: "{secret:B}"}}
story: [{slot: a, scene: b}]
fallback: [b]
"""
WANTED = {"CRM": "campaign test: source crm", "B": "campaign test: source crm"}


def told(given: dict[str, str], folder: Path | None = None) -> list[str]:
    with pytest.raises(Invalid) as caught:
        read_secrets(WANTED, given, folder)
    return [str(problem) for problem in caught.value.problems]


def test_campaigns_say_which_secrets_they_need() -> None:
    assert WANTED == secrets_of([load(CAMPAIGN, packaged("b"))])


def test_the_environment_goes_before_the_folder(tmp_path: Path) -> None:
    (tmp_path / "CRM").write_bytes(b"from-file\n")
    (tmp_path / "B").write_bytes(b"b-file\r\n")

    assert {"CRM": "from-env", "B": "b-file"} == read_secrets(WANTED, {"CRM": "from-env", "C": "other"}, tmp_path)


def test_every_missing_secret_is_named_with_where_it_is_used_and_where_it_may_stand(tmp_path: Path) -> None:
    where = "campaign test: source crm"

    assert [
        f"{where}: the secret {name} is not set; expected STREAMSRV_SECRET_{name}, or a file {name} in "
        "sources.secrets_dir"
        for name in ("CRM", "B")
    ] == told({}, tmp_path)


@pytest.mark.parametrize("value", ["a\r\nX: b", "ü", "a\x00", " a", "\n"])
def test_a_secret_that_can_stand_in_no_header_is_told_and_not_shown(value: str) -> None:
    (problem,) = told({"CRM": value, "B": "b"})

    assert "campaign test: source crm: the secret CRM can stand in no header; expected one line of printable ASCII" == (
        problem
    )


def test_a_file_that_is_too_large_is_no_secret(tmp_path: Path) -> None:
    (tmp_path / "CRM").write_bytes(b"x" * 9_000)

    assert 1 == len(told({"B": "b"}, tmp_path))


def test_settings_take_secrets_from_the_environment_and_from_nowhere_else(tmp_path: Path) -> None:
    (tmp_path / "server.toml").write_text("[sources.secrets]\nCRM = 'x'\n")
    settings = load_settings(None, {"STREAMSRV_SECRET_CRM": "x-canary", "STREAMSRV_SOURCES_ALLOW_HOSTS": "a.b,c.d"})

    assert ({"CRM": "x-canary"}, ("a.b", "c.d")) == (settings.sources.secrets, settings.sources.allow_hosts)
    assert "canary" not in repr(settings)
    with pytest.raises(Invalid, match=r"sources\.secrets: secrets in a settings file; expected STREAMSRV_SECRET_NAME"):
        load_settings(tmp_path / "server.toml", {})


@pytest.mark.parametrize(
    ("key", "value"), [("allow_hosts", "http://0x7f.1"), ("allow_private", "10.0.0.1/8"), ("allow_hosts", "*")]
)
def test_settings_that_name_no_host_or_no_network_are_refused(key: str, value: str) -> None:
    with pytest.raises(Invalid, match=f"STREAMSRV_SOURCES_{key.upper()}: is .* expected a (host|network) such as"):
        load_settings(None, {f"STREAMSRV_SOURCES_{key.upper()}": value})
