"""Paths to routes, segment by segment, without regular expressions or decoding.

A template's segment is a literal, or one `{name}` with an optional ending: `{rung}.m3u8`. Where both fit, the
literal wins. A path that is not exactly one of these has no route.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field

from streamsrv.web.answer import Answer
from streamsrv.web.headers import API_ERROR, ERROR, PREFLIGHT, Policy
from streamsrv.web.request import Request

Handler = Callable[..., Awaitable[Answer]]
"""Called with the request and the template's values, in order."""


@dataclass(frozen=True, slots=True)
class Route:
    """One line of the route table."""

    template: str
    handlers: Mapping[str, Handler]
    """By method."""
    for_people: bool = False
    """Errors are pages, not JSON."""
    errors: Policy = ERROR
    """Whose headers errors have."""

    @property
    def allowed(self) -> bytes:
        """The `Allow` header's value."""
        return ", ".join(sorted(self.handlers)).encode("ascii")


def get(template: str, handler: Handler, *, for_people: bool = False) -> Route:
    """A route to read: GET, HEAD and the preflight."""
    return Route(template, {"GET": handler, "HEAD": handler, "OPTIONS": _preflight}, for_people)


def post(template: str, handler: Handler) -> Route:
    """A route that changes something."""
    return Route(template, {"POST": handler, "OPTIONS": _preflight})


async def _preflight(request: Request, *values: str) -> Answer:
    return Answer(204, PREFLIGHT)


API_FOLDER = "/api/"


def error_policy(route: Route, target: str) -> Policy:
    """Whose headers the errors of a request have, that for no route at all included."""
    return API_ERROR if route is NOWHERE and target.startswith(API_FOLDER) else route.errors


NOWHERE = Route("unmatched", {})
"""Stands for every path that no route has; no method is better than another there."""


@dataclass(slots=True)
class _Node:
    literals: dict[str, "_Node"] = field(default_factory=dict)
    endings: list[tuple[str, "_Node"]] = field(default_factory=list)
    route: Route = NOWHERE


class Router:
    """A fixed set of routes."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self.routes = tuple(routes)
        self._root = _Node()
        self._depth = 0
        for route in self.routes:
            self._add(route)

    def find(self, path: str) -> tuple[Route, list[str]]:
        """The route of `path` and its values, or `NOWHERE`."""
        node = self._root
        values: list[str] = []
        # One split more than any template has, so that a path of a thousand slashes costs no more than another.
        for part in path.split("/", self._depth + 1)[1:]:
            known = node.literals.get(part)
            if known is not None:
                node = known
                continue
            for ending, child in node.endings:
                if part.endswith(ending) and len(part) > len(ending):
                    values.append(part[: len(part) - len(ending)])
                    node = child
                    break
            else:
                return NOWHERE, []
        return node.route, values

    def _add(self, route: Route) -> None:
        node = self._root
        parts = route.template.split("/")[1:]
        self._depth = max(self._depth, len(parts))
        for part in parts:
            node = _child(node, part)
        if node.route is not NOWHERE:
            raise ValueError(f"two routes for {route.template}")
        node.route = route


def _child(node: _Node, part: str) -> _Node:
    if not part.startswith("{"):
        return node.literals.setdefault(part, _Node())
    ending = part.partition("}")[2]
    for known, child in node.endings:
        if known == ending:
            return child
    child = _Node()
    node.endings.append((ending, child))
    # The longest ending first: `{lang}.vtt` before a bare `{name}`.
    node.endings.sort(key=lambda item: -len(item[0]))
    return child
