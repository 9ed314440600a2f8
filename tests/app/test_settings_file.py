"""The settings file that stands in the repository says all there is to set, and what it is when nothing is set."""

import re
from dataclasses import fields
from pathlib import Path

from streamsrv.config import SECRETS, Settings, load_settings

FILE = Path("config/server.toml")


def test_what_stands_in_the_settings_file_is_the_default() -> None:
    assert Settings() == load_settings(FILE, {})


def test_the_settings_file_names_every_setting_but_secrets() -> None:
    section, named = "", set()
    for line in FILE.read_text().splitlines():
        if found := re.match(r"\[(\w+)\]", line):
            section = found[1]
        elif found := re.match(r"(?:# )?(\w+) = ", line):
            named.add((section, found[1]))
    defaults = Settings()
    there_are = {
        (outer.name, inner.name) for outer in fields(Settings) for inner in fields(getattr(defaults, outer.name))
    }
    assert there_are - set(SECRETS) - {("sources", "secrets")} == named
