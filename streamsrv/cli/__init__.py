"""The commands. Each lives in its own file; this one lists them and turns errors into one clear line each."""

import sys

import typer

from streamsrv.cli.audit import audit
from streamsrv.cli.check import check
from streamsrv.cli.coverage import coverage
from streamsrv.cli.demo import demo
from streamsrv.cli.diff import diff
from streamsrv.cli.erase import erase
from streamsrv.cli.import_ import import_
from streamsrv.cli.keys import keys
from streamsrv.cli.links import links
from streamsrv.cli.package import package
from streamsrv.cli.plan import plan
from streamsrv.cli.power import power
from streamsrv.cli.preview import preview
from streamsrv.cli.render import render
from streamsrv.cli.revoke import revoke
from streamsrv.cli.rotate import rotate
from streamsrv.cli.schema import schema
from streamsrv.cli.serve import serve
from streamsrv.cli.why import why
from streamsrv.core.errors import BadData, Invalid, StreamsrvError

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Personalized video: package scenes once, stitch them per viewer when a link is clicked.",
)
COMMANDS = (
    demo, serve, render, package, check, why, preview, coverage, diff, links, revoke, erase, rotate, power, plan,
    schema,
)  # fmt: skip
for command in COMMANDS:
    app.command()(command)
app.command("import")(import_)
app.add_typer(keys, name="keys")
app.add_typer(audit, name="audit")


def main() -> None:
    """Run the command line; a mistake of the user's is one line per problem on stderr and exit code 1."""
    try:
        app()
    except (Invalid, BadData) as error:
        for problem in error.problems:
            typer.echo(f"streamsrv: {problem}", err=True)
        sys.exit(1)
    except StreamsrvError as error:
        typer.echo(f"streamsrv: {error}", err=True)
        sys.exit(1)
