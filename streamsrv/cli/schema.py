"""`streamsrv schema`: the JSON Schema of campaign files, for editors."""

from pathlib import Path
from typing import Annotated

import typer

from streamsrv.core.campaign.json_schema import schema_text
from streamsrv.core.errors import invalid


def schema(
    output: Annotated[
        Path | None, typer.Option(help="The file to write, such as config/campaign.schema.json; stdout if not given.")
    ] = None,
) -> None:
    """Print the JSON Schema of campaign files, with which editors complete and check them."""
    if output is None:
        typer.echo(schema_text(), nl=False)
        return
    try:
        output.write_text(schema_text(), encoding="utf-8")
    except OSError as error:
        raise invalid("--output", f"{output} cannot be written: {error.strerror}", "a file in a folder") from error
