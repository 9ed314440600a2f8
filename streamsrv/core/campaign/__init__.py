"""Campaigns: the file an author writes, checked whole when it is loaded, and the values it becomes.

Nothing here decides for a viewer (that is `core.rules`) and nothing reads files (that is `stores.campaigns`).
"""

from streamsrv.core.campaign.campaign import Always, Arms, Campaign, Choose, ForEach, Group, Option, Shown, Slot
from streamsrv.core.campaign.languages import Languages
from streamsrv.core.campaign.load import load_campaign
from streamsrv.core.campaign.rule import Rule
from streamsrv.core.campaign.schema import Schema
from streamsrv.core.campaign.viewers import Attributes, check_viewer

__all__ = [
    "Always",
    "Arms",
    "Attributes",
    "Campaign",
    "Choose",
    "ForEach",
    "Group",
    "Languages",
    "Option",
    "Rule",
    "Schema",
    "Shown",
    "Slot",
    "check_viewer",
    "load_campaign",
]
