"""`streamsrv power`: what it prints, and what it says of arguments that make no sense."""

import json

import pytest
import typer
from typer.testing import CliRunner, Result

from streamsrv.cli.power import power


def run(*arguments: str) -> Result:
    app = typer.Typer()
    app.command()(power)
    return CliRunner().invoke(app, arguments, env={"COLUMNS": "120"})


def lines(result: Result) -> list[str]:
    """What was printed, without the table's frame."""
    return [
        " ".join(line.strip(" │┃").replace("│", "|").replace("┃", "|").split()) for line in result.output.splitlines()
    ]


def test_the_published_figures_are_printed() -> None:
    done = run("--baseline", "3%", "--lift", "20%", "--holdout", "10%")

    assert 0 == done.exit_code
    assert "3.6 % | +0.6 points | +20 % | 7 715 | 69 433 | 77 148" in lines(done)
    assert lines(done)[-2:] == [
        "Of 100 experiments, 80 show such a change; where there is none, 5 show one.",
        "Two-sided test of two rates, read once, at the end.",
    ]


def test_usual_lifts_are_shown_where_no_change_is_asked_for() -> None:
    done = run("--baseline", "0.03")

    assert [
        "3.15 % | +0.15 points | +5 % | 115 505 | 1 039 542 | 1 155 047",
        "3.3 % | +0.3 points | +10 % | 29 546 | 265 909 | 295 455",
        "3.6 % | +0.6 points | +20 % | 7 715 | 69 433 | 77 148",
        "4.5 % | +1.5 points | +50 % | 1 386 | 12 467 | 13 853",
    ] == [line for line in lines(done) if "points" in line]


def test_lifts_past_everybody_are_left_out() -> None:
    done = run("--baseline", "80%", "--json")

    assert [0.84, 0.88, 0.96] == [needed["rate"] for needed in json.loads(done.output)["needed"]]


def test_shares_may_be_written_either_way() -> None:
    percent = run(
        "--baseline", "3%", "--effect", "0.6%", "--arms", "50,50", "--alpha", "5%", "--power", "80%", "--json"
    )
    plain = run("--baseline", ".03", "--effect", ".006", "--arms", "1, 1", "--alpha", ".05", "--power", ".8", "--json")

    assert percent.output == plain.output
    assert {
        "baseline": 0.03,
        "shares": [0.5, 0.5],
        "alpha": 0.05,
        "power": 0.8,
        "needed": [{"rate": 0.036, "effect": 0.006, "lift": 0.2, "viewers": 27774, "by_arm": [13887, 13887]}],
    } == json.loads(plain.output)


def test_the_viewers_there_are_show_this_much() -> None:
    done = run("--baseline", "3%", "--viewers", "77148")

    assert ["rise | 3.6 % | +0.6 points | +20 %", "fall | 2.453 % | -0.547 points | -18.2 %"] == [
        line for line in lines(done) if "points" in line
    ]


def test_a_change_that_no_rate_is_far_enough_for_is_none() -> None:
    printed = run("--baseline", "3%", "--viewers", "30")
    document = json.loads(run("--baseline", "3%", "--viewers", "30", "--json").output)

    assert lines(printed)[4:6] == ["rise | 73.19 % | +70.2 points | +2340 %", "fall | none"]
    assert (30, None) == (document["viewers"], document["fall"])


def test_more_than_two_arms_are_tested_more_strictly() -> None:
    done = run("--baseline", "3%", "--lift", "20%", "--arms", "50,25,25")

    assert "3.6 % | +0.6 points | +20 % | 25 226 | 12 613 | 12 613 | 50 452" in lines(done)
    assert "Each of 2 arms is compared with the control, at 2.5 %." in lines(done)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("", "Missing option '--baseline'"),
        ("--baseline 3", "'--baseline': found '3'; expected a fraction such as 0.2, or a percentage such as 20%"),
        ("--baseline nan%", "'--baseline': found 'nan%'; expected a fraction"),
        ("--baseline 100%", "--baseline: found 1; expected between 0 and 1"),
        ("--baseline 0", "--baseline: found 0; expected between 0 and 1"),
        ("--baseline 3% --lift 20", "'--lift': found '20'; expected a fraction"),
        ("--baseline 3% --lift much", "'--lift': found 'much'; expected a fraction"),
        ("--baseline 3% --lift 0", "the two rates are equal, expected different ones"),
        ("--baseline 90% --lift 20%", "the rate is 1.08, expected one between 0 and 1"),
        ("--baseline 97%", "--effect or --lift: found none, where no usual lift fits; expected one"),
        ("--baseline 3% --lift 20% --effect 1%", "--effect, --lift or --viewers: found more than one; expected one"),
        ("--baseline 3% --holdout 0", "--holdout: found 0; expected between 0 and 1"),
        ("--baseline 3% --holdout 10% --arms 1,1", "--holdout or --arms: found both; expected one"),
        ("--baseline 3% --arms 50", "--arms: found '50'; expected whole numbers above 0: 50,50"),
        ("--baseline 3% --arms 50,0", "--arms: found '50,0'; expected whole numbers above 0: 50,50"),
        ("--baseline 3% --arms 50,²", "--arms: found '50,²'; expected whole numbers above 0: 50,50"),
        ("--baseline 3% --alpha 90%", "alpha is 0.9, power 0.8, expected 0 < alpha < power < 1"),
        ("--baseline 3% --viewers 0", "'--viewers': Input should be greater than or equal to 1"),
    ],
)
def test_a_mistake_names_the_option_and_what_was_expected(arguments: str, message: str) -> None:
    done = run(*arguments.split())

    assert 2 == done.exit_code
    assert message in " ".join(lines(done))
