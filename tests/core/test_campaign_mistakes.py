"""Every mistake in a campaign's file is exactly one problem, at its line; all of them come in one load."""

from pathlib import Path

import pytest

from streamsrv.core.model import SceneId
from tests.core.authored import load, packaged, problems, scene

LANGUAGES = ("en", "de")
SCENES = packaged(
    *(
        scene(name, *overlays, units=10, languages=LANGUAGES, captions=LANGUAGES)
        for name, overlays in {
            "hello": ["greeting"], "thanks-loyal": ["years"], "home-calm": ["price"], "home-claims": ["price"],
            "motor-old": ["car", "since", "price"], "motor": ["price"], "any-product": [], "claims-intro": ["count"],
            "claim-card": ["kind", "filed", "amount"], "claims-end": [], "soon": ["day"], "offer-plain": [],
            "offer-bonus": ["bonus"], "talk-to-us": [], "go-paperless": [], "next-step": ["product"], "hello-any": [],
            "any-story": [], "next-step-any": [], "control": [],
        }.items()
    )
)  # fmt: skip
HOSTS = ("shop.example.com",)
WRONG = (Path(__file__).parent / "mistakes.yaml").read_text(encoding="utf-8")
CORRECTIONS = (
    ("motor: {en: car insurance}", "motor: {en: car insurance, de: Autoversicherung}"),
    ("loyal: valued && tenure_years >= 5", "loyal: tenure_years >= 5"),
    ("when: valued && !paperles\n", "when: valued && !paperless\n"),
    ('product == "motor" && vehicle.year < 2000', 'product == "motor"'),
    ("{premium|mony}", "{premium|money}"),
    ("- slot: claims-intro\n        scene: claims-end", "- slot: claims-end\n        scene: claims-end"),
    ("last_seen < 5", "last_seen < now"),
    ("bonsu: ", "bonus: "),
    ("dorp_order: 3", "drop_order: 3"),
    ('["hoem", "life"]', '["home", "life"]'),
    ("scene: go-paperles\n", "scene: go-paperless\n"),
    ("renew/{customer_no}?", "renew/{product}?"),
)
SLOT_KEYS = "slot, when, scene, choose, otherwise, for_each, order_by, max, experiment, arms, overlays, cta, drop_order"
NAMES = (
    "first_name, customer_no, household, language, product, premium, renewal_on, tenure_years, score, paperless, "
    "last_seen, vehicle, claims, loyal, claim_free, valued, watched, now, today"
)


def with_one(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1, f"{old!r} stands there {text.count(old)} times"
    return text.replace(old, new)


def corrected() -> str:
    text = WRONG
    for wrong, right in CORRECTIONS:
        text = with_one(text, wrong, right)
    return text


RIGHT = corrected()


def test_the_corrected_file_has_no_problem() -> None:
    campaign = load(RIGHT, SCENES, cta_hosts=HOSTS)

    assert (str(campaign.campaign_id), len(campaign.slots)) == ("winter-renewal", 11)
    assert campaign.scene_ids() == set(SCENES)


def test_twelve_mistakes_of_twelve_kinds_are_twelve_problems_in_one_load() -> None:
    assert problems(WRONG, SCENES, cta_hosts=HOSTS) == [
        '38:14: the label of "motor" has no text in de; expected one in that language, or a fallback for it: '
        "languages: {fallback: {de: […]}}",
        "82:10: audiences go round in a circle: loyal → valued → loyal; expected audiences over attributes",
        '98:22: slot "thanks" "valued && !paperles": "paperles" is no attribute and no audience (did you mean '
        f'"paperless"?); expected one of: {NAMES}',
        '115:9: option 4 of slot "product" is never reached: the options before it leave nobody to "product == '
        '"motor" && vehicle.year < 2000"; expected it before those that take its viewers, or no such option',
        '119:24: overlay "price" "{premium|mony}": "mony" is no format (did you mean "money"?); expected one of: money',
        '140:15: a second "claims-intro" (first in line 125); expected each slot and group a name of its own',
        '144:62: slot "soon" "renewal_on - today < duration("720h") && last_seen < 5": "<" does not work on '
        '(timestamp, int); expected a moment such as timestamp("2027-05-01T00:00:00Z")',
        '160:11: scene "offer-bonus" has no overlay "bonsu" (did you mean "bonus"?); expected one of: bonus',
        '168:5: "dorp_order" is not a key of slot "watched" (did you mean "drop_order"?); expected one of: '
        + SLOT_KEYS,
        '171:38: slot "paperless" "!paperless && product in ["hoem", "life"]": "hoem" is never "product" (did you mean '
        '"home"?); expected one of: home, motor, life',
        '172:12: there is no scene "go-paperles" (did you mean "go-paperless"?); expected a packaged scene',
        '189:12: "url" is "https://shop.example.com/renew/{customer_no}?ref={link_ref}…": personal attributes may not '
        "stand in addresses; expected {link_ref}, which stands for the viewer",
    ]


MISSPELLED = (
    ("langauges", "languages:", "languages"),
    ("descripton", "description:", "description"),
    ("atribute", "attribute:", "attribute"),
    ("offerd", "offered:", "offered"),
    ("dee", "de: Ihre Winter", "de"),
    ("de-AT", "de-CH: [de", "de-CH"),
    ("Europe/Berln", "Europe/Berlin", "Europe/Berlin"),
    ("form", "from: 2026", "from"),
    ("max_duration", "max_duration_s:", "max_duration_s"),
    ("schma", "schema:", "schema"),
    ("max_lenght", "max_length:", "max_length"),
    ("mony", "money\n    currency", "money"),
    ("tpye", "type: money\n    currency", "type"),
    ("curency", "currency: EUR\n", "currency"),
    ("value", "values: [home", "values"),
    ("lables", "labels:", "labels"),
    ("mtoor", "motor: {en", "motor"),
    ("defualt", "default: 0.5", "default"),
    ("requires", "require:", "require"),
    ("vehicel", "vehicle]", "vehicle"),
    ("audience", "audiences:", "audiences"),
    ("clams", "claims) == 0", "claims"),
    ("amuont", "amount > 5000", "amount"),
    ("houshold", "household\n\nstory", "household"),
    ("stroy", "story:", "story"),
    ("scnee", "scene: hello\n", "scene"),
    ("slto", "slot: hello\n", "slot"),
    ("greting", "greeting:", "greeting"),
    ("frist_name", "first_name}\n        de", "first_name"),
    ("chose", "choose:", "choose"),
    ("otherwize", "otherwise:", "otherwise"),
    ("prcie", "price:", "price"),
    ("ownr", "owner.since", "owner"),
    ("shrt", 'short}"', "short"),
    ("gruop", "group:", "group"),
    ("foreach", "for_each:", "for_each"),
    ("kid", 'kind}"', "kind"),
    ("others", "other=# claims", "other"),
    ("nwo", "now\n    scene: soon", "now"),
    ("experimnt", "experiment:", "experiment"),
    ("amrs", "arms:", "arms"),
    ("wieght", "weight: 20", "weight"),
    ("labl", "label: {en: See", "label"),
    ("link_reff", "link_ref}\n", "link_ref"),
    ("txet", "text:\n          en: Renew", "text"),
    ("helo-any", "hello-any, any", "hello-any"),
    ("contrl", "control: [", "control"),
)


@pytest.mark.parametrize(("wrong", "place", "right"), MISSPELLED, ids=[wrong for wrong, _, _ in MISSPELLED])
def test_a_misspelled_word_is_one_problem_that_names_the_word_that_was_meant(
    wrong: str, place: str, right: str
) -> None:
    assert place.startswith(right)
    line = RIGHT[: RIGHT.index(place)].count("\n") + 1
    (problem,) = problems(with_one(RIGHT, place, wrong + place.removeprefix(right)), SCENES, cta_hosts=HOSTS)

    assert problem.startswith(f"{line}:")
    assert f'"{wrong}"' in problem
    assert f'(did you mean "{right}"?)' in problem


# Each with the line of its one problem, and what that problem shows of the file.
SINGLE = (
    (2, "campaign: winter-renewal", "campaign: Winter Renewal", '"Winter Renewal"'),
    (4, "\n  de: Ihre Winterverlängerung", "", "no text in de"),
    (9, "brand: Northlight", "brand: [Northlight]", '"brand" is a list'),
    (11, "attribute: language", "attribute: paperless", '"paperless" holds no text'),
    (11, "  attribute: language\n", "", "nothing says which language a viewer speaks"),
    (11, "attribute: language", "attr: language", '"attr" is not a key of languages'),
    (12, "offered: [en, de,", "offered: [en, xx,", '"xx" is no language'),
    (14, "[de, en]", "de", '"de-CH" is "de"'),
    (16, "from: 2026-11-01", "from: 2026-31-11", '"2026-31-11": a day that no calendar has'),
    (16, "2027-03-31", "2025-03-31", '"until" 2025-03-31 is before "from" 2026-11-01'),
    (17, "max_duration_s: 170", "max_duration_s: 20", "what is never dropped can take 26.665 s"),
    (17, "max_duration_s: 170", "max_duration_s: 3min", '"max_duration_s" is "3min"'),
    (42, "currency: EUR\n", "currency: euro\n", '"premium" (money) has the currency "euro"'),
    (51, "  score:\n", "  Score:\n", '"Score" is not a name for an attribute'),
    (53, "min: 0\n    max: 1\n", "min: 2\n    max: 1\n", '"min" 2.0 is above "max" 1.0'),
    (55, "default: 0.5", "default: 1.5", '"default" is "1.5": a value out of range'),
    (61, "T00:00:00Z", "", '"default" is "2026-01-01": text'),
    (73, "max_items: 5", "max_items: 500", '"max_items" is "500"'),
    (74, "max_items: 5\n    of:", "max_items: 5\n    items:", '"items" is not a key of "claims" (list)'),
    (76, "filed: {type: date}", "filed: date", '"filed" has no type'),
    (79, "require: [first_name", "require: first_name # [", '"require" is "first_name"'),
    (85, "claims.exists(c, c.amount", "claim.exists(c, c.amount", '"claim" is no attribute'),
    (83, "size(claims) == 0\n", "size(claims) = 0\n", "expected == for is equal to"),
    (83, "size(claims) == 0\n", "claims\n", "gives a list"),
    (83, "size(claims) == 0\n", "size(claims) > 9\n", 'audience "claim_free" is nobody: "size(claims) > 9" is never'),
    (85, "c.amount > 5000", "c.filed > now", "a date inside a record is text"),
    (87, "randomize_by: household", "randomize_by: premium", '"premium" is no attribute to randomize by'),
    (87, "randomize_by: household", "randomize_by: tenure_years", '"tenure_years" has a default'),
    (90, "    scene: hello\n", "", 'slot "hello" has nothing to show'),
    (90, "    scene: hello\n", "    scene: hello\n    choose: x\n", 'slot "hello" has "scene" and "choose"'),
    (133, "amount descending", "amount decending", '"amount decending" (did you mean "amount descending"?)'),
    (94, "Hello {first_name}\n", "Hello {first_name\n", 'a "{" that nothing closes'),
    (94, "en: Hello {first_name}", "fr: Hello {first_name}", '"fr" is no language of this campaign'),
    (98, "when: valued && !paperless", "when: valued and !paperless", "expected && for and"),
    (98, "when: valued && !paperless", "when: !paperless", 'the tag "!paperless"'),
    (98, "when: valued && !paperless", "when: [valued]", '"when" is a list'),
    (98, "when: valued && !paperless", 'when: household == "x"', '"household" may be missing'),
    (98, "when: valued && !paperless", "when: valued && !claim_free", '"valued && !claim_free" is never true'),
    (101, '"{tenure_years}"', '"{household}"', '"household" may be missing'),
    (101, '"{tenure_years}"', '"{item.amount}"', '"item" stands inside for_each only'),
    (101, '"{tenure_years}"', '"{paperless}"', '"paperless" is true or false and has no text form'),
    (101, '"{tenure_years}"', '"{tenure_years|money}"', '"money" does not suit "tenure_years"'),
    (102, "drop_order: 1", "drop_order: first", '"drop_order" is "first"'),
    (
        108,
        '- when: product == "home"\n',
        "- if: product == 'home'\n",
        '"if" is not a key of option 2 of slot "product" (did you mean "when"?)',
    ),
    (110, '- when: product == "home"\n', "- when: 'true'\n", "the options before it take everybody"),
    (110, "vehicle.year < 2015", "vehicle.year < 1950", 'option 3 of slot "product" is never reached'),
    (
        117,
        "    otherwise: any-product",
        "    else: any-product",
        '"else" is not a key of slot "product" (did you mean "otherwise"?)',
    ),
    (122, "when: size(claims) > 0", "when: claim_free && !claim_free", 'group "looking-back" is never reached'),
    (132, "for_each: claims", "for_each: product", '"product" is no list'),
    (132, "- slot: claims\n", "- slot: claims\n        drop_order: 9\n", '"drop_order" stands in a group'),
    (134, "max: 3", "max: 9", '"max" is "9"'),
    (137, "{item.kind}", "{claims.kind}", '"claims" is a list'),
    (144, 'duration("720h")', '"720h"', '"<" does not work on (duration, string)'),
    (150, "    experiment: offer-2026\n", "", 'slot "offer" has "arms" and no "experiment"'),
    (150, "experiment: offer-2026", "experiment: holdout", '"holdout" is the name of the holdout'),
    (152, ", skip: true}", "}", 'arm "none" of slot "offer" shows nothing'),
    (152, "skip: true", "skip: yes", '"skip" is "yes"'),
    (153, "plain:\n", "Plain:\n", '"Plain" is not a name for an arm'),
    (163, "https://shop.example.com/offer", "http://shop.example.com/offer", "does not begin with https://"),
    (163, "https://shop.example.com/offer", "https://other.example/offer", "other.example is not an allowed host"),
    (163, "offer?ref={link_ref}", "offer?ref={premium|money}", "values stand in addresses as they are"),
    (166, "when: watched && !paperless", "when:", '"when" is empty'),
    (191, "fallback: [hello-any, any-story, next-step-any]", "fallback: []", '"fallback" is an empty list'),
    (191, "fallback: [hello-any", "fallback: [{scene: hello-any}", 'a scene of "fallback" is a mapping'),
    (194, "share: 0.1", "share: 10%", '"share" is "10%"'),
    (196, "control: [hello-any, control]\n", "control: [control]\nholdout: {share: 0.2}\n", '"holdout" is given twice'),
)


@pytest.mark.parametrize(("line", "old", "new", "shown"), SINGLE, ids=[f"{one[0]} {one[3]}" for one in SINGLE])
def test_a_mistake_is_one_problem_where_it_stands(line: int, old: str, new: str, shown: str) -> None:
    (problem,) = problems(with_one(RIGHT, old, new), SCENES, cta_hosts=HOSTS)

    assert problem.startswith(f"{line}:")
    assert shown in problem


def test_a_language_that_is_not_offered_is_told_once_however_many_texts_there_are_in_it() -> None:
    (problem,) = problems(with_one(RIGHT, "offered: [en, de, de-CH]", "offered: [en, de-CH]"), SCENES, cta_hosts=HOSTS)

    assert problem.endswith(': "de" is no language of this campaign; expected one of: en, de-CH')


def test_an_attribute_that_rules_read_and_nobody_must_have_is_told_once_for_all_rules() -> None:
    text = with_one(RIGHT, "customer_no, product, premium", "customer_no, premium")
    found = [problem.partition("; ")[0] for problem in problems(text, SCENES, cta_hosts=HOSTS)]

    assert found == [
        '106:15: option 1 of slot "product" "product == "home" && claim_free": "product" may be missing',
        '189:12: "url" is "https://shop.example.com/renew/{product}?ref={link_ref}&due…": "product" may be missing',
    ]


def test_without_scenes_only_what_depends_on_them_is_left_unchecked() -> None:
    lines = [int(problem.partition(":")[0]) for problem in problems(WRONG)]

    assert lines == [38, 82, 98, 115, 119, 140, 144, 168, 171, 189]
    assert SceneId("go-paperless") in load(RIGHT).scene_ids()
