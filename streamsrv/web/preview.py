"""The preview: a viewer's video as its author sees it, with the decisions beside it. For the author's own machine.

The campaign's file and the scenes are read again for every page; a file that is broken is shown with its mistakes,
and no story. Who is listed is settled at the start.
"""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import orjson

from streamsrv.core import urls
from streamsrv.core.campaign import Campaign, check_viewer, load_campaign
from streamsrv.core.catalog import Catalog
from streamsrv.core.errors import Invalid, NotFound, Problem
from streamsrv.core.model import Viewer
from streamsrv.core.rules import Explanation, assigned_unit, assignments, explain
from streamsrv.core.text import Text
from streamsrv.core.timeline import Timeline, build_timeline
from streamsrv.ports import Clock, SegmentStore
from streamsrv.web.answer import Answer, text_answer
from streamsrv.web.assets import Asset
from streamsrv.web.headers import API, PAGE
from streamsrv.web.preview_choice import Choice, check_arms, moment_s, parse_choice
from streamsrv.web.preview_page import (
    DATA,
    Trait,
    clock_text,
    excerpts,
    experiments,
    faults,
    headline,
    left_out,
    novelty,
    rows,
    summary,
    traits,
)
from streamsrv.web.preview_showing import Performance, PreviewRenderer, Showings, local
from streamsrv.web.request import Request
from streamsrv.web.router import Router, get
from streamsrv.web.routes import viewer_routes
from streamsrv.web.templates import Templates, campaign_words, page_environment


@dataclass(frozen=True, slots=True)
class Bench:
    """What is previewed, and how it is read anew. The functions block and raise `Invalid`."""

    where: str
    """The campaign's file, as problems name it."""
    read_text: Callable[[], str]
    read_catalog: Callable[[], Catalog]
    read_pictures: Callable[[], Collection[str]]
    """The names of the brand's pictures."""
    cta_hosts: Sequence[str]
    viewers: Sequence[Viewer]
    """Those who are listed, in order; at least one."""
    at_s: int | None
    """The moment to decide for, in Unix time, where a page asks for none; now when None."""

    def read(self, text: str) -> tuple[Campaign, Catalog]:
        """The campaign that `text` describes, and the scenes as they are now; raises `Invalid`."""
        catalog = self.read_catalog()
        campaign = load_campaign(
            text, where=self.where, scenes=catalog.scenes, cta_hosts=self.cta_hosts, pictures=self.read_pictures()
        )
        return campaign, catalog


class Broken(Exception):
    """The campaign cannot be shown: what is wrong, and the text of its file."""

    def __init__(self, problems: Sequence[Problem], text: str = "") -> None:
        super().__init__(problems)
        self.problems = problems
        self.text = text


class PreviewTemplates:
    """The preview's own pages, compiled once."""

    def __init__(self, folder: Path, assets: Mapping[str, Asset]) -> None:
        own = {"preview_script": "preview.js", "preview_style": "preview.css"}
        environment = page_environment(folder, assets, **own)
        self.page = environment.get_template("preview.html").render
        self.everyone = environment.get_template("preview_list.html").render
        self.problems = environment.get_template("preview_problems.html").render


class Preview:
    """Handlers of the preview's pages."""

    def __init__(self, bench: Bench, showings: Showings, templates: PreviewTemplates, clock: Clock) -> None:
        self._bench = bench
        self._showings = showings
        self._templates = templates
        self._clock = clock
        self._viewers = {str(viewer.viewer_id): viewer for viewer in bench.viewers}

    async def everyone(self, request: Request) -> Answer:
        """Who is listed, what each of them sees, and what is new about it."""
        try:
            campaign, _ = await self._read()
        except Broken as broken:
            return self._problems(request, broken, again="/")
        now_s = self._now_s()
        listed = await asyncio.to_thread(self._listed, campaign, now_s)
        page = self._templates.everyone(
            campaign=campaign, where=self._bench.where, viewers=listed, at=_moment_text(now_s), title="All viewers"
        )
        return text_answer(request, PAGE, Text(page))

    async def show(self, request: Request, choice: str) -> Answer:
        """One viewer's video, with its decisions."""
        wanted = parse_choice(choice)
        if wanted.viewer not in self._viewers:
            raise NotFound("page")
        try:
            campaign, catalog = await self._read()
        except Broken as broken:
            return self._problems(request, broken, again=wanted.path())
        try:
            at_s = moment_s(wanted.at) if wanted.at else self._now_s()
            check_arms(campaign, wanted.arms)
        except Invalid as error:
            return self._problems(request, Broken(error.problems), again=Choice(wanted.viewer, {}).path())
        return text_answer(request, PAGE, Text(self._page(campaign, catalog, wanted, at_s)))

    async def fallbacks(self, request: Request, token: str) -> Answer:
        """What one page's video could not draw so far, for its script: reasons by the names of the drawings."""
        return Answer(200, API, orjson.dumps(dict(self._showings.failed(token))))

    def _page(self, campaign: Campaign, catalog: Catalog, wanted: Choice, at_s: int) -> str:
        given = self._viewers[wanted.viewer]
        attributes, misfits = check_viewer(campaign.schema, given.attributes, where=DATA)
        viewer = replace(given, attributes=attributes)
        unit = assigned_unit(campaign, viewer)
        own = {} if unit is None else assignments(campaign, unit)
        told = explain(campaign, viewer, now_s=at_s, assigned={**own, **wanted.arms})
        timeline = build_timeline(told.story.decisions, catalog, campaign.languages)
        token = self._showings.open(Performance(campaign, viewer, wanted.arms, at_s), catalog)
        return self._templates.page(
            page=_player(told, token),
            title=wanted.viewer,
            choice=wanted,
            where=self._bench.where,
            campaign=campaign,
            story=told.story,
            headline=headline(told),
            at=_moment_text(at_s),
            is_shown=campaign.is_shown_at(at_s),
            without_at=replace(wanted, at="").path(),
            without_arms=replace(wanted, arms={}).path(),
            length=_length(timeline),
            faults=faults(told, misfits),
            link_ref=viewer.link_ref,
            rows=rows(told, timeline, attributes, self._showings.reel(campaign, told.story, timeline)),
            fallbacks=fallbacks_path(token),
            left_out=left_out(told, attributes),
            experiments=_linked(experiments(told, own), wanted),
            neighbours=self._neighbours(wanted),
            alone=urls.link_path(token),
            poster=urls.poster_path(token),
            moment=urls.moment_path(token),
        )

    async def _read(self) -> tuple[Campaign, Catalog]:
        """The campaign and the scenes as they are now; raises `Broken`."""

        def read() -> tuple[Campaign, Catalog]:
            text = ""
            try:
                text = self._bench.read_text()
                return self._bench.read(text)
            except Invalid as error:
                raise Broken(error.problems, text) from error

        return await asyncio.to_thread(read)

    def _listed(self, campaign: Campaign, now_s: int) -> list[dict[str, str]]:
        seen: set[Trait] = set()
        listed = []
        for viewer in self._bench.viewers:
            story, found = traits(campaign, viewer, now_s=now_s)
            length_ms = sum(campaign.durations_ms[decision.scene_id] for decision in story.decisions)
            listed.append(
                {
                    "viewer": str(viewer.viewer_id),
                    "href": Choice(viewer.viewer_id, {}).path(),
                    "summary": summary(story),
                    "length": clock_text(length_ms),
                    "new": novelty([trait for trait in found if trait not in seen]),
                }
            )
            seen.update(found)
        return listed

    def _neighbours(self, wanted: Choice) -> dict[str, Any]:
        """The viewers before and after this one, and where it stands among them."""
        ids = list(self._viewers)
        after = dict(pairwise(ids))
        before = {later: earlier for earlier, later in after.items()}

        def link(other: str | None) -> dict[str, str] | None:
            return None if other is None else {"viewer": other, "href": replace(wanted, viewer=other).path()}

        return {
            "before": link(before.get(wanted.viewer)),
            "after": link(after.get(wanted.viewer)),
            "number": ids.index(wanted.viewer) + 1,
            "count": len(ids),
        }

    def _problems(self, request: Request, broken: Broken, *, again: str) -> Answer:
        page = self._templates.problems(
            problems=excerpts(broken.problems, broken.text),
            where=self._bench.where,
            again=again,
            title="Mistakes" if len(broken.problems) > 1 else "A mistake",
        )
        return text_answer(request, PAGE, Text(page))

    def _now_s(self) -> int:
        return self._clock.now_ms() // 1000 if self._bench.at_s is None else self._bench.at_s


def preview_routes(
    bench: Bench,
    *,
    folder: Path,
    assets: Mapping[str, Asset],
    templates: Templates,
    segments: SegmentStore,
    renderer_for: Callable[[Catalog], PreviewRenderer],
    clock: Clock,
) -> Router:
    """The preview's pages, and every address of a viewer's for the videos in them. Blocking; raises `Invalid`."""
    showings = Showings(segments, renderer_for, lambda delivery: viewer_routes(delivery, assets, templates))
    preview = Preview(bench, showings, PreviewTemplates(folder, assets), clock)
    campaign, catalog = bench.read(bench.read_text())
    some, _ = showings.showing(Performance(campaign, bench.viewers[0], {}, clock.now_ms() // 1000), catalog)
    return Router(
        [
            get("/", local(preview.everyone), for_people=True),
            get("/show/{choice}", local(preview.show), for_people=True),
            get(fallbacks_path("{token}"), local(preview.fallbacks)),
            *(showings.route(route) if "token}" in route.template else route for route in some.routes),
        ]
    )


def fallbacks_path(token: str) -> str:
    return f"/fallbacks/{token}"


def preview_paths(viewers: Sequence[Viewer]) -> list[str]:
    """The address of each viewer's page."""
    return [Choice(viewer.viewer_id, {}).path() for viewer in viewers]


def _player(told: Explanation, token: str) -> dict[str, Any]:
    """What the player's own template needs, as on the landing page."""
    campaign, story = told.campaign, told.story
    asks = [decision.cta for decision in story.decisions if decision.cta is not None]
    return {
        **campaign_words(campaign, story.language),
        "poster_url": urls.poster_path(token),
        "sessions_url": urls.sessions_path(token),
        # An author's page keeps its address: it names the viewer and the moment.
        "watch_url": "",
        "cta_label": asks[-1].label if asks else "",
        "cta_url": asks[-1].url if asks else None,
        "autoplay": False,
    }


def _length(timeline: Timeline) -> str:
    return clock_text(timeline.catalog.grid.duration_ms(timeline.units))


def _linked(found: Sequence[dict[str, Any]], wanted: Choice) -> Sequence[dict[str, Any]]:
    """The experiments, with an address for each arm."""
    for experiment in found:
        for arm in experiment["arms"]:
            arm["href"] = replace(wanted, arms={**wanted.arms, experiment["name"]: arm["name"]}).path()
    return found


def _moment_text(at_s: int) -> str:
    return datetime.fromtimestamp(at_s, UTC).strftime("%Y-%m-%d %H:%M UTC")
