"""A book of viewers is read alike from our own lines and from a CRM's export."""

from pathlib import Path

import pytest

from streamsrv.core.campaign import Campaign, load_campaign
from streamsrv.core.errors import Invalid, Problem
from streamsrv.core.model import CampaignId, Viewer, ViewerId
from streamsrv.stores.book import read_book

SCHEMA = "{first_name: {type: string}, premium: {type: money, currency: EUR}, tenure_years: {type: int, default: 0}}"


def campaign(schema: str = SCHEMA, name: str = "gym") -> Campaign:
    text = f"campaign: {name}\nschema: {schema}\nrequire: [first_name]\nstory: [{{slot: a, scene: a}}]\nfallback: [a]\n"
    return load_campaign(text, where="c.yaml", scenes=None)


def viewer(name: str, **attributes: object) -> Viewer:
    return Viewer(ViewerId(name), CampaignId("gym"), attributes)


def test_a_crms_table_is_read_by_the_names_of_its_columns(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes("Customer ID;First Name;Premium;Shoe size\r\n7;Zoë;€ 812.40;39\r\n8;;1;40\r\n".encode("cp1252"))

    assert [viewer("7", first_name="Zoë", premium="812.40"), Problem(
        f"{path}:3: first_name", "is missing", "a value: the campaign requires it"
    )] == [row.viewer for row in read_book(path, [campaign()])]  # fmt: skip


def test_a_table_is_read_for_two_campaigns_at_once(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text("viewer,first_name,tenure_years,club\nv1,Ana,3,north\n", encoding="utf-8")
    other = campaign("{first_name: {type: string}, club: {type: string, default: x}}", "other")

    rows = list(read_book(path, [campaign(), other]))

    assert [viewer("v1", first_name="Ana", tenure_years=3, club="north")] == [row.viewer for row in rows]
    assert [path.stat().st_size] == [row.end_bytes for row in rows]


def test_our_own_lines_are_read_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "viewers.ndjson"
    path.write_text('{"viewer": "v1", "campaign": "gym", "attributes": {"first_name": 1}}\n', encoding="utf-8")

    assert [viewer("v1", first_name=1)] == [row.viewer for row in read_book(path, [campaign()])]


def test_a_table_without_a_column_that_is_required_is_refused_whole(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text("viewer,premium\nv1,3\n", encoding="utf-8")

    with pytest.raises(Invalid, match="first_name"):
        list(read_book(path, [campaign()]))
