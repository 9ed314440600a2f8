"""What a worker is started with."""

from base64 import b64decode, b64encode
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from streamsrv.config import Settings
from streamsrv.core.campaign import Campaign
from streamsrv.core.model import CampaignId
from streamsrv.stores.campaigns import Against, Texts, load_campaigns, read_texts

_SETTINGS = TypeAdapter(Settings)


@dataclass(frozen=True, slots=True)
class Generation:
    """Settings and campaign files as they were read once.

    All workers of a generation get the same, those too that replace another later: what is edited meanwhile is
    served by all after the next rolling restart, or by none.
    """

    settings: Settings
    campaigns: Texts

    @staticmethod
    def read(settings: Settings) -> "Generation":
        """These settings with the campaigns' folder as it is now; raises `Invalid`. Blocking."""
        return Generation(settings, read_texts(settings.storage.campaigns))

    def live_campaigns(self) -> dict[CampaignId, Campaign]:
        """The campaigns, once a worker has found them right. Blocking."""
        return load_campaigns(self.settings.storage.campaigns, Against(), texts=self.campaigns)

    def document(self) -> tuple[dict[str, Any], dict[str, str]]:
        """The settings and the campaigns as JSON takes them. Holds secrets: for the worker's ears only."""
        texts = {str(path): b64encode(content).decode("ascii") for path, content in self.campaigns.items()}
        return _SETTINGS.dump_python(self.settings, mode="json"), texts

    @staticmethod
    def parse(settings: dict[str, Any], campaigns: dict[str, str]) -> "Generation":
        """The generation whose `document` this is."""
        texts = {Path(path): b64decode(content) for path, content in campaigns.items()}
        return Generation(_SETTINGS.validate_python(settings), texts)
