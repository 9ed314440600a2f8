"""The commands. Each lives in its own file; this one lists them and turns errors into one clear line each."""

import sys
from collections.abc import Iterator, Mapping
from importlib import import_module
from keyword import iskeyword
from typing import Any, cast

import typer
from typer.core import TyperGroup
from typer.main import get_command

from streamsrv.core.errors import BadData, Invalid, StreamsrvError

COMMANDS = (
    "demo", "serve", "render", "package", "check", "why", "preview", "coverage", "diff", "links", "revoke", "erase",
    "rotate", "power", "plan", "schema", "import", "keys", "audit",
)  # fmt: skip
"""In the order of the help. Each is what its module calls like itself; a name of Python's has an underscore there."""


class _Commands(Mapping[str, Any]):
    """Loads a command when it is asked for: each needs a part of the program, and none needs all of it."""

    def __getitem__(self, name: str) -> Any:
        if name not in COMMANDS:
            raise KeyError(name)
        its_name = f"{name}_" if iskeyword(name) else name
        found = getattr(import_module(f"streamsrv.cli.{its_name}"), its_name)
        if not isinstance(found, typer.Typer):
            function, found = found, typer.Typer(add_completion=False)
            found.command(name)(function)
        command = get_command(found)
        command.name = name
        return command

    def __iter__(self) -> Iterator[str]:
        return iter(COMMANDS)

    def __len__(self) -> int:
        return len(COMMANDS)


class _Group(TyperGroup):
    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = cast("Any", _Commands())


app = typer.Typer(
    cls=_Group,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def streamsrv() -> None:
    """Personalized video: package scenes once, stitch them per viewer when a link is clicked."""


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
