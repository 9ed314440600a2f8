"""Stands before a real server and answers the page's session requests as told: for what a server does seldom."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page, Route


@dataclass(frozen=True)
class Reply:
    """What one session request gets: the server's own answer with changes, or a refusal with `status`."""

    changes: Mapping[str, Any] = field(default_factory=dict)
    status: int = 201
    headers: Mapping[str, str] = field(default_factory=dict)


ASK = {"kind": "number", "label": "Your year of birth", "tries_left": 3}
UNANSWERED = Reply({"personal": False, "reason": "unanswered", "ask": ASK})
RIGHT = Reply({"personal": True, "reason": None, "ask": None})
LOCKED = Reply({"personal": False, "reason": "locked", "ask": None, "retry_after_s": 900})


def asking(**changes: Any) -> Reply:
    """The question, changed."""
    return Reply({"personal": False, "reason": "unanswered", "ask": ASK | changes})


def wrong(tries_left: int) -> Reply:
    """The question again, after a wrong answer."""
    return Reply({"personal": False, "reason": "wrong", "ask": ASK | {"tries_left": tries_left}})


def away(retry_after_s: int = 1) -> Reply:
    """The state store is away."""
    return Reply(status=503, headers={"Retry-After": str(retry_after_s)})


class Desk:
    """Replies in order; the last one over and over."""

    def __init__(self, page: Page, replies: Sequence[Reply]) -> None:
        self.said: list[dict[str, Any]] = []
        """What the page sent, one document for each request."""
        self.replies = list(replies)
        page.route("**/sessions", self._answer)

    def _answer(self, route: Route) -> None:
        self.said.append(route.request.post_data_json or {})
        reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        if reply.status != 201:
            route.fulfill(status=reply.status, headers=dict(reply.headers), body="{}")
            return
        fetched = route.fetch()
        route.fulfill(response=fetched, body=json.dumps(fetched.json() | dict(reply.changes)))
