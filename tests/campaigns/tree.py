"""A campaign as a tree before it is YAML, and how one walks through what its schema declares."""

from datetime import date
from typing import Any

import yaml

Tree = dict[str, Any]
SIMPLE = ("string", "enum", "int", "number", "money", "date", "datetime", "bool")
DEFAULTS: Tree = {
    "string": "friend",
    "int": 7,
    "number": 1.5,
    "money": 10.25,
    "date": date(2026, 2, 3),
    "datetime": "2026-02-03T04:05:06Z",
    "bool": True,
}


def leaves(declared: Tree, before: str = "") -> list[tuple[str, Tree]]:
    """The parts of a record, or of a list's records, by their paths; those of records inside it in its place."""
    found: list[tuple[str, Tree]] = []
    for name, part in declared["of"].items():
        found += leaves(part, f"{before}{name}.") if part["type"] == "record" else [(f"{before}{name}", part)]
    return found


def parts(schema: Tree) -> list[tuple[str, Tree]]:
    """Every attribute that is no record, and every part of those that are, by their paths."""
    return leaves({"of": schema})


def as_yaml(tree: Tree) -> str:
    """The text of a campaign file; without sections that are empty."""
    return yaml.dump(
        {key: below for key, below in tree.items() if below != []}, Dumper=_Dumper, allow_unicode=True, sort_keys=False
    )


class _Dumper(yaml.SafeDumper):
    """Writes equal parts out again each time: campaigns have no aliases."""

    def ignore_aliases(self, data: object) -> bool:
        return True
