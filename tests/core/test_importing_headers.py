"""Columns are matched to attributes by name, and never where two readings are possible."""

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamsrv.core.campaign import Schema
from streamsrv.core.errors import Invalid
from streamsrv.core.importing import Match, match_columns
from tests.core.authored import load

SCHEMA = load("""\
campaign: test
schema:
  first_name: {type: string}
  city: {type: string, default: Rome}
  renewal_on: {type: date}
  car: {type: record, of: {model: {type: string}, year: {type: int, default: 2000}, plate: {type: string}}}
  claims: {type: list, of: {on: {type: date}, amount: {type: money, currency: EUR}}}
story: [{slot: a, scene: b}]
fallback: [b]
""").schema


def match(
    *headers: str,
    schema: Schema = SCHEMA,
    require: Sequence[str] = (),
    id_column: str | None = None,
    mapping: Mapping[str, str] | None = None,
) -> Match:
    return match_columns(headers, schema, where="t.csv", require=require, id_column=id_column, mapping=mapping)


def found(*headers: str, mapping: Mapping[str, str] | None = None) -> dict[str, str]:
    matched = match("viewer_id", *headers, mapping=mapping).matched
    return {column.header: str(column.target) for column in matched}


def problems(
    *headers: str,
    schema: Schema = SCHEMA,
    require: Sequence[str] = (),
    id_column: str | None = None,
    mapping: Mapping[str, str] | None = None,
) -> list[str]:
    with pytest.raises(Invalid) as caught:
        match(*headers, schema=schema, require=require, id_column=id_column, mapping=mapping)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize("header", ["first_name", "First Name", "FIRST-NAME", " firstname", "Fïrst Námé", "first.name"])
def test_case_spaces_hyphens_and_accents_make_no_difference(header: str) -> None:
    assert {header: "first_name"} == found(header)


@pytest.mark.parametrize(
    "header", ["first", "name", "first_name2", "city (home)", "claims 1", "car.size", "claims[x].on"]
)
def test_nothing_else_makes_no_difference(header: str) -> None:
    assert {} == found(header)


@pytest.mark.parametrize("header", ["car.model", "car_model", "Car Model", "CarModel", "car[model]"])
def test_parts_of_a_record_have_columns_of_their_own(header: str) -> None:
    assert {header: "car.model"} == found(header)


@pytest.mark.parametrize(
    "headers",
    [
        ("claims[0].amount", "claims[1].amount"),
        ("claims 1 amount", "Claims 2 Amount"),
        ("claims_1_amount", "claims[2].amount"),
        ("claims0amount", "claims_1.amount"),
    ],
)
def test_items_of_a_list_are_numbered_from_0_or_from_1(headers: tuple[str, str]) -> None:
    assert ["claims[0].amount", "claims[1].amount"] == list(found(*headers).values())


@pytest.mark.parametrize("header", ["viewer", "Viewer ID", "viewer-id", "ID", "Customer Id", "customer_id"])
def test_the_id_has_a_few_names(header: str) -> None:
    assert 1 == match("city", header).id_index


def test_our_own_name_for_the_id_goes_before_others() -> None:
    assert 2 == match("id", "customer id", "viewer").id_index


def test_an_id_that_may_be_two_columns_or_none_is_invalid() -> None:
    assert ['t.csv: header: the viewer\'s id may be "id" or "Customer ID"; expected --id-column'] == problems(
        "id", "Customer ID"
    )
    assert [
        't.csv: header: no column is the viewer\'s id: "city"; expected a column "viewer_id", "viewer", "customer id" '
        'or "id", or --id-column'
    ] == problems("city")


def test_the_id_column_can_be_told_and_may_be_an_attribute_too() -> None:
    assert 1 == match("viewer", "Policy No", id_column="policy_no").id_index
    assert ["city"] == [str(column.target) for column in match("City", id_column="City").matched]
    assert [
        '--id-column Polcy: there is no column "Polcy" (did you mean "Policy"?); expected one of: "Policy", "city"'
    ] == problems("Policy", "city", id_column="Polcy")


def test_an_attribute_from_two_columns_is_invalid() -> None:
    assert [
        't.csv: header: "First Name" and "first_name" are both first_name; expected one column, or --map '
        "first_name=first_name"
    ] == problems("id", "First Name", "first_name")
    assert [
        't.csv: header: "car" and "car model" are both car.model; expected one column, or --map car.model=car model'
    ] == problems("id", "car", "car model")


def test_a_told_column_goes_over_every_name() -> None:
    assert {"Ort": "city"} == found("Ort", mapping={"city": "ort"})
    assert {"Ort": "city"} == found("city", "Ort", mapping={"city": "Ort"})
    assert {"Schaden": "claims[0].amount"} == found("Schaden", mapping={"claims[0].amount": "Schaden"})
    assert {"Auto": "car"} == found("car.model", "Auto", mapping={"car": "Auto"})


def test_what_is_told_must_be_there() -> None:
    assert [
        '--map citty=id: "citty" is not an attribute of this campaign (did you mean "city"?); expected one of: '
        "first_name, city, renewal_on, car, car.model, car.year, car.plate, claims, claims[0].on, claims[0].amount",
        '--map city=Orth: there is no column "Orth" (did you mean "Ort"?); expected one of: "id", "Ort"',
    ] == problems("id", "Ort", mapping={"citty": "id", "city": "Orth"})


def test_a_header_that_may_be_two_attributes_is_invalid_unless_it_is_written_just_so() -> None:
    schema = load("""\
campaign: test
schema:
  car_model: {type: string}
  car: {type: record, of: {model: {type: string}}}
story: [{slot: a, scene: b}]
fallback: [b]
""").schema

    assert [
        't.csv: header: "Car Model" may be car_model or car.model; expected --map car_model=Car Model, '
        "or another header"
    ] == problems("id", "Car Model", schema=schema)
    assert ["car_model", "car.model"] == [
        str(column.target) for column in match("id", "car_model", "car.model", schema=schema).matched
    ]


def test_numbers_that_leave_one_out_or_begin_late_are_invalid() -> None:
    told = "expected numbers from 0 or from 1, and none left out"

    assert [f"t.csv: header: the columns of claims have the numbers 1, 3; {told}"] == problems(
        "id", "claims 1 amount", "claims 3 amount"
    )
    assert [f"t.csv: header: the columns of claims have the numbers 2; {told}"] == problems("id", "claims[2].on")


def test_a_required_attribute_without_a_column_or_a_default_is_invalid() -> None:
    assert [
        't.csv: header: no column is first_name (is it "Frist Name"?); expected a column "first_name", or --map '
        "first_name=…: the campaign requires it"
    ] == problems("id", "Frist Name", require=("first_name", "city", "claims"))


def test_the_report_tells_what_every_column_is_and_what_is_lacking() -> None:
    report = match("ID", "First Name", "Renewal", "Shoe size", "car model", "claims 1 on").report()

    assert (
        '"ID" is the viewer\'s id',
        '"First Name" is first_name',
        '"car model" is car.model',
        '"claims 1 on" is claims[0].on',
        '"Renewal" is ignored (did you mean "renewal_on"?)',
        '"Shoe size" is ignored',
        "no column is city",
        "no column is renewal_on",
        "no column is car.year",
        "no column is car.plate",
        "no column is claims[0].amount",
    ) == report


@given(st.permutations(["id", "first name", "City", "renewal-on", "car.model", "claims"]))
def test_the_order_of_columns_means_nothing(headers: list[str]) -> None:
    columns = match(*headers)

    assert "id" == headers[columns.id_index]
    assert {
        "first name": "first_name", "City": "city", "renewal-on": "renewal_on", "car.model": "car.model",
        "claims": "claims",
    } == {headers[column.index]: str(column.target) for column in columns.matched}  # fmt: skip


@given(st.lists(st.text(max_size=12), unique=True, max_size=6))
def test_any_headers_match_or_are_invalid(headers: list[str]) -> None:
    try:
        columns = match("viewer_id", *headers)
    except Invalid:
        return
    assert len(headers) == len(columns.matched) + len(columns.ignored)


def test_the_campaign_of_our_own_rows_is_a_column_with_a_meaning_and_that_of_a_crms_is_none() -> None:
    own, crm = (match_columns(("viewer", "campaign"), SCHEMA, where="t", typed=typed) for typed in (True, False))

    assert '"campaign" is the row\'s campaign' in own.report()
    assert ({}, '"campaign" is ignored' in own.report()) == (own.ignored, False)
    assert '"campaign" is ignored' in crm.report()


def test_an_attribute_that_is_called_campaign_is_that_attribute() -> None:
    schema = load(
        "campaign: c\nschema: {campaign: {type: string}}\nstory: [{slot: a, scene: b}]\nfallback: [b]\n"
    ).schema
    found = match_columns(("viewer", "campaign"), schema, where="t", typed=True)

    assert ([1], None) == ([column.index for column in found.matched], found.campaign_index)
