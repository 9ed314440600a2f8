"""A coverage report as one page that needs nothing else: no scripts, no fonts, no network."""

from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from streamsrv.analytics.coverage_report import CoverageReport
from streamsrv.analytics.wording import counted, further_scenes, number, percent, seconds


def page(report: CoverageReport) -> str:
    """The HTML document."""
    return _template().render(report=report)


@lru_cache(maxsize=1)
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        counted=counted, number=number, percent=percent, seconds=seconds, further_scenes=further_scenes
    )
    return environment.get_template("coverage.html")
