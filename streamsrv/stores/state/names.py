"""Every key name of the state store, in one place.

What stands between braces decides the key's slot in a cluster: all keys of one viewer stand together, so that one
script or transaction can reach them. `link` is the text of a link id. No name holds anything of a person (B8).
"""

REVOKED_CAMPAIGNS = "r:campaigns"
"""A hash of campaign tag (as text) to the lowest generation of the campaign's links that still opens."""
REVOKED_KEYS = "r:keys"
"""A set of the ids of signing keys whose tokens no longer open anything."""
REVOKED_LINKS = "r:links"
"""A sorted set of link ids (as text) by the lowest generation that still opens: those revoked of late, so that running
sessions end as well. Processes poll all three, so that a revocation is known everywhere within seconds."""
UNFINISHED_ERASURES = "m:unfinished"
"""There while the servers' own files may hold somebody who was erased."""
IDENTITY = "m:identity"
"""The secret that link ids are made with, wrapped by the key-encryption key."""


def viewer(link: str) -> str:
    """The viewer's sealed record."""
    return f"v:{{{link}}}"


def minimum_serial(link: str) -> str:
    """The lowest generation of the viewer's links that still opens; absent when none was ever revoked."""
    return f"n:{{{link}}}"


def erased(link: str) -> str:
    """Stands where a viewer was erased, so that no import brings them back."""
    return f"x:{{{link}}}"


def session(link: str, session_id: bytes) -> str:
    """A pinned session of the viewer."""
    return f"s:{{{link}}}:{session_id.hex()}"


def session_of(link: str) -> str:
    """All sessions of the viewer, as a pattern; `*` stands for any viewer."""
    return f"s:{{{link}}}:*"


def link_of(key: str) -> str:
    """The link that a viewer's key is named by."""
    return key.partition("{")[2].partition("}")[0]


def viewers_of(link_beginning: str) -> str:
    """The records of all viewers whose link begins so, as a pattern."""
    return f"v:{{{link_beginning}*"


def devices(link: str) -> str:
    """The devices that have opened the viewer's link."""
    return f"d:{{{link}}}"


def failed_tries(link: str) -> str:
    """How often the second factor was answered wrongly."""
    return f"f:{{{link}}}"


def assignments(campaign_tag: str, unit_name: str) -> str:
    """Which arms the unit was given: a hash of experiment to arm, release and time."""
    return f"a:{{{campaign_tag}.{unit_name}}}"


def api_key(prefix: str) -> str:
    """An API key's record, by the part of the key that may be shown."""
    return f"k:{prefix}"


def audit(tenant_id: str) -> str:
    """The stream of a tenant's administrative acts."""
    return f"g:{{{tenant_id}}}"


def audit_head(tenant_id: str) -> str:
    """Where that stream ends: kept apart from it, so that lines cannot go missing unseen."""
    return f"gh:{{{tenant_id}}}"


def import_progress(import_id: str) -> str:
    """How far an import has come."""
    return f"i:{import_id}"


RENDER_NOW = "q:{render}:now"
"""Segments that somebody waits for; `RENDER_AHEAD` holds those that are likely to be asked for."""
RENDER_AHEAD = "q:{render}:ahead"
RENDER_DONE = "q:{render}:done"
"""What became of orders, told to all who wait."""
RENDER_GONE = "q:{render}:gone"
"""Contents of rendered segments that show somebody who was erased, for whoever keeps any."""


def gone_content(key: str) -> str:
    """Stands while a content must not be rendered, for somebody in it was just erased."""
    return f"q:{{render}}:gone:{key}"


def own_contents(link: str) -> str:
    """The contents of rendered segments that show something of the viewer's, so that erasing reaches them."""
    return f"o:{{{link}}}"


def lease(job: str) -> str:
    """Who does this job at the moment, or has done it lately."""
    return f"l:{job}"
