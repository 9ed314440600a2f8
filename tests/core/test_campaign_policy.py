"""What a campaign asks of those who open its links, what it notes of them and how long it keeps them."""

import pytest

from streamsrv.core.access import Access, Verify
from streamsrv.core.campaign import Campaign
from tests.core.authored import load, packaged, problems, scene

HEAD = """\
campaign: test
lang: en
schema:
  birth_year: {type: int}
  postcode: {type: string, default: none}
  born_on: {type: date}
  agreed: {type: bool}
  product: {type: enum, values: [home, motor]}
require: [birth_year]
story: [{slot: a, scene: b}]
fallback: [b]
"""
SUITED = "birth_year, postcode, born_on"
ONE_OF_SUITED = f"one of: {SUITED}"


def loaded(extra: str) -> Campaign:
    return load(HEAD + extra, packaged("b"))


def verifying(attribute: str) -> str:
    return f"access: {{verify: {{attribute: {attribute}, label: Your year of birth}}}}"


@pytest.mark.parametrize(
    ("extra", "access"),
    [
        ("", None),
        ("access: {devices: 5}", Access(devices=5)),
        ("access: {sessions_a_day: 20}", Access(sessions_a_day=20)),
        (verifying("birth_year"), Access(verify=Verify("birth_year", {"": "Your year of birth"}, "number", 5))),
        ("access: {devices: 1, verify: {attribute: birth_year, label: {en: Year}, tries: 3}}",
         Access(1, None, Verify("birth_year", {"en": "Year"}, "number", 3))),
    ],
)  # fmt: skip
def test_a_forwarding_policy_is_read(extra: str, access: Access | None) -> None:
    assert access == loaded(extra).access


@pytest.mark.parametrize(
    ("declared", "kind"),
    [("string", "text"), ("int", "number"), ("number", "number"), ("money, currency: EUR", "number"), ("date", "date")],
)
def test_a_page_asks_for_the_kind_of_answer_that_the_attribute_is(declared: str, kind: str) -> None:
    text = HEAD.replace("birth_year: {type: int}", f"birth_year: {{type: {declared}}}") + verifying("birth_year")
    access = load(text, packaged("b")).access

    assert access is not None
    assert access.verify is not None
    assert kind == access.verify.kind


def test_what_viewers_prove_who_they_are_with_is_personal_whatever_its_author_said() -> None:
    fields = {extra: loaded(extra).schema.fields["birth_year"] for extra in ("", verifying("birth_year"))}

    assert [False, True] == [field.personal for field in fields.values()]


def test_rules_may_read_what_viewers_prove_who_they_are_with() -> None:
    text = HEAD.replace("{slot: a, scene: b}", "{slot: a, when: birth_year < 1990, scene: b}")

    assert ("birth_year",) == load(text + verifying("birth_year"), packaged("b")).rules[0].reads


def test_no_overlay_and_no_address_holds_what_viewers_prove_who_they_are_with() -> None:
    overlay = HEAD.replace("scene: b}]", 'scene: c, overlays: {o: "Born {birth_year}"}}]') + verifying("birth_year")
    url = '"https://e.example/{birth_year}"'
    address = HEAD.replace("scene: b}]", f"scene: b, cta: {{label: Go, url: {url}}}}}]") + verifying("birth_year")

    assert problems(overlay, packaged("b", scene("c", "o"))) == [
        '10:43: overlay "o" "Born {birth_year}": "birth_year" is what viewers prove who they are with; expected '
        "another attribute: whoever sees it could answer for them"
    ]
    assert problems(address, packaged("b")) == [
        '10:51: "url" is "https://e.example/{birth_year}": personal attributes may not stand in addresses; expected '
        "{link_ref}, which stands for the viewer"
    ]


def test_consent_and_retention_are_read() -> None:
    campaign = loaded("consent: agreed\nretention_days: 180")

    assert ("agreed", 180) == (campaign.consent, campaign.retention_days)
    assert (None, None) == (loaded("").consent, loaded("").retention_days)


@pytest.mark.parametrize(
    ("extra", "problem"),
    [
        ("access: 5", '12:9: "access" is "5"; expected {devices: 5, sessions_a_day: 20, verify: {attribute: '
         "birth_year, label: Your year of birth}}"),
        ("access: {}", '12:9: "access" asks for nothing; expected one of: devices, sessions_a_day, verify'),
        ("access: {device: 5}", '12:10: "device" is not a key of access (did you mean "devices"?); expected one of: '
         "devices, sessions_a_day, verify"),
        ("access: {devices: 0}", '12:19: "devices" is "0"; expected a whole number from 1 to 100'),
        ("access: {sessions_a_day: many}",
         '12:26: "sessions_a_day" is "many"; expected a whole number from 1 to 1000'),
        ("access: {verify: birth_year}",
         '12:18: "verify" is "birth_year"; expected {attribute: birth_year, label: Your year of birth}'),
        ("access: {verify: {attribute: birth_year}}", '12:18: verify has no "label"; expected this key here'),
        ("access: {verify: {attribute: birth_year, label: x, tries: 21}}",
         '12:59: "tries" is "21"; expected a whole number from 1 to 20'),
        ("access: {verify: {attribute: birth_year, label: {de: x}}}",
         '12:50: "de" is no language of this campaign; expected one of: en'),
        (verifying("birth_yaer"),
         f'12:30: "birth_yaer" is no attribute (did you mean "birth_year"?); expected {ONE_OF_SUITED}'),
        (verifying("product"), '12:30: "product" is nothing a viewer could type in as proof; expected a string, an '
         "int, a number, a money or a date"),
        (verifying("postcode"), '12:30: "postcode" has a default: it would be the answer of all who lack it; expected '
         "an attribute without a default"),
        (verifying("born_on"), '12:30: "born_on" may be missing; expected it in require'),
        ("consent: agred", '12:10: "agred" is no attribute (did you mean "agreed"?); expected one of: agreed'),
        ("consent: birth_year", '12:10: "birth_year" is not true or false; expected one of: agreed'),
        ("consent: [agreed]", '12:10: "consent" is a list; expected one of: agreed'),
        ("retention_days: 0", '12:17: "retention_days" is "0"; expected a whole number from 1 to 3650'),
        ("retention_days: 3651", '12:17: "retention_days" is "3651"; expected a whole number from 1 to 3650'),
    ],
)  # fmt: skip
def test_a_mistake_is_one_problem_at_its_place(extra: str, problem: str) -> None:
    assert problems(HEAD + extra, packaged("b")) == [problem]


@pytest.mark.parametrize("extra", [verifying("birth_year"), "consent: birth_year"])
def test_an_attribute_whose_declaration_is_wrong_has_its_finding_there(extra: str) -> None:
    (problem,) = problems(HEAD.replace("birth_year: {type: int}", "birth_year: {type: itn}") + extra, packaged("b"))

    assert problem.startswith('4:22: "birth_year" has the type "itn"')
