"""Campaigns from a folder of YAML files, one campaign a file, held in memory.

A file in the folder itself belongs to the tenant `main`, a file in a folder within it to the tenant of that name.
Owns reading and reloading. A file that broke since the last load leaves its campaign's last good release in place
(A37); what a campaign means is `core.campaign`.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from streamsrv.core.cache import LruCache
from streamsrv.core.campaign import Campaign, load_campaign
from streamsrv.core.cut import KEPT_RELEASES, release_tag
from streamsrv.core.errors import Invalid, NotFound, Problem, invalid
from streamsrv.core.model import MAIN_TENANT, CampaignId, Scene, SceneId, TenantId

SUFFIXES = (".yaml", ".yml")
TENANT_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,31}", re.ASCII)
TENANT_ID_RULE = "1 to 32 small letters, digits and -"


@dataclass(frozen=True, slots=True)
class Against:
    """What campaigns are held against when they are loaded."""

    scenes: Mapping[SceneId, Scene] | None = None
    """Those that are packaged; None leaves unchecked what depends on them."""
    cta_hosts: tuple[str, ...] = ()
    """Hosts that calls to action may lead to; any when empty."""
    source_hosts: tuple[str, ...] | None = None
    """Hosts that may be asked for data; None leaves them unchecked."""
    pictures: frozenset[str] | None = None
    """Names of the brand's pictures; None leaves them unchecked."""


Texts = Mapping[Path, bytes]
"""The content of campaign files that were read already, by path."""


def load_campaigns(folder: Path, against: Against, *, texts: Texts | None = None) -> dict[CampaignId, Campaign]:
    """Every campaign in `folder`, by id; raises `Invalid` with every problem of every file. Blocking: for start-up.

    Where `texts` are given, they are what the folder holds.
    """
    paths = campaign_files(folder) if texts is None else texts
    loaded, problems = read_campaigns(paths, against, folder=folder, texts=texts)
    if problems:
        raise Invalid(problems)
    return {campaign.campaign_id: campaign for campaign in loaded.values()}


class FolderCampaignStore:
    """A `CampaignStore` over a folder. Loads at once; raises `Invalid` when the folder is not right to begin with."""

    def __init__(
        self, folder: Path, against: Against, *, tag_of: Callable[[CampaignId], bytes], texts: Texts | None = None
    ) -> None:
        """`tag_of` gives the tag by which links name a campaign: `Identity.campaign_tag`."""
        self._folder = folder
        self._against = against
        self._tag_of = tag_of
        self._releases: LruCache[tuple[bytes, bytes], Campaign] = LruCache(KEPT_RELEASES)
        self._take(load_campaigns(folder, against, texts=texts))

    @property
    def live(self) -> Mapping[CampaignId, Campaign]:
        """The live release of every campaign, by id."""
        return self._live

    def campaign(self, campaign_id: CampaignId) -> Campaign:
        """The live release; raises `NotFound`."""
        try:
            return self._live[campaign_id]
        except KeyError:
            raise NotFound("campaign") from None

    def campaign_by_tag(self, campaign_tag: bytes, release_tag: bytes) -> Campaign:
        """The release of these tags, which may no longer be live, or else the live one; raises `NotFound`."""
        live = self._by_tag.get(campaign_tag)
        if live is None:
            raise NotFound("campaign")
        return self._releases.get((campaign_tag, release_tag)) or live

    def reload(self) -> tuple[Problem, ...]:
        """Read the folder again and take what is right; the problems of the rest. Blocking: call it in a thread.

        While any file is wrong no campaign is taken away: the broken file may be the one that held it.
        """
        try:
            loaded, problems = read_campaigns(campaign_files(self._folder), self._against, folder=self._folder)
        except Invalid as error:
            return error.problems
        fresh = {campaign.campaign_id: campaign for campaign in loaded.values()}
        unchanged = {
            campaign_id: live
            for campaign_id, live in self._live.items()
            if campaign_id not in fresh or fresh[campaign_id].release == live.release
        }
        if not problems:
            unchanged = {campaign_id: live for campaign_id, live in unchanged.items() if campaign_id in fresh}
        self._take({**fresh, **unchanged})
        return problems

    def _take(self, live: Mapping[CampaignId, Campaign]) -> None:
        self._live = live
        self._by_tag = {self._tag_of(campaign_id): campaign for campaign_id, campaign in live.items()}
        for tag, campaign in self._by_tag.items():
            self._releases.put((tag, release_tag(campaign)), campaign)


def campaign_files(folder: Path) -> list[Path]:
    """The campaign files in `folder` and in its tenants' folders; raises `Invalid` when there is none."""
    try:
        entries = sorted(folder.iterdir())
        for entry in tuple(entries):
            if entry.is_dir() and entry.suffix not in SUFFIXES and not entry.name.startswith("."):
                entries += sorted(entry.iterdir())
    except OSError as error:
        raise invalid(str(folder), f"cannot be read: {error.strerror}", "a folder of campaign files") from error
    paths = [path for path in entries if path.suffix in SUFFIXES]
    if not paths:
        raise invalid(str(folder), "has no campaign", "at least one .yaml file")
    return paths


def read_texts(folder: Path) -> dict[Path, bytes]:
    """The content of every campaign file in `folder`, as it is now; raises `Invalid`."""
    texts = {}
    for path in campaign_files(folder):
        try:
            texts[path] = path.read_bytes()
        except OSError as error:
            raise invalid(str(path), f"cannot be read: {error.strerror}", "a campaign in YAML") from error
    return texts


def read_campaigns(
    paths: Iterable[Path], against: Against, *, folder: Path | None = None, texts: Texts | None = None
) -> tuple[dict[Path, Campaign], tuple[Problem, ...]]:
    """The campaigns of the files that are right, and the problems of the others.

    Tenants are those of `folder`; None when the files do not stand for a server's campaigns.
    """
    loaded: dict[Path, Campaign] = {}
    problems: list[Problem] = []
    for path in paths:
        try:
            loaded[path] = load_campaign(
                _text(path.read_bytes() if texts is None else texts[path]),
                where=str(path),
                scenes=against.scenes,
                cta_hosts=against.cta_hosts,
                source_hosts=against.source_hosts,
                pictures=against.pictures,
                tenant_id=MAIN_TENANT if folder is None else _tenant_of(path, folder),
            )
        except Invalid as error:
            problems += error.problems
        except UnicodeDecodeError:
            problems.append(Problem(str(path), "is not UTF-8 text", "a campaign in YAML"))
        except OSError as error:
            problems.append(Problem(str(path), f"cannot be read: {error.strerror}", "a campaign in YAML"))
    for path, twin in _twins(loaded.items()):
        problems.append(Problem(str(path), f"is the campaign {loaded[path].campaign_id} again", f"another than {twin}"))
        del loaded[path]
    return loaded, tuple(problems)


def _text(content: bytes) -> str:
    """As a text file is read: every kind of line end is one, so that a release is the same on every system."""
    return StringIO(content.decode("utf-8"), newline=None).getvalue()


def _tenant_of(path: Path, folder: Path) -> TenantId:
    if path.parent == folder:
        return MAIN_TENANT
    if not TENANT_ID.fullmatch(path.parent.name):
        raise invalid(str(path), "lies in a folder whose name cannot be a tenant's", TENANT_ID_RULE)
    return TenantId(path.parent.name)


def _twins(loaded: Iterable[tuple[Path, Campaign]]) -> list[tuple[Path, Path]]:
    """Files whose campaign an earlier file holds, with that file."""
    first: dict[CampaignId, Path] = {}
    twins = []
    for path, campaign in loaded:
        if campaign.campaign_id in first:
            twins.append((path, first[campaign.campaign_id]))
        else:
            first[campaign.campaign_id] = path
    return twins
