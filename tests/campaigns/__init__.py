"""Any valid campaign over made-up scenes, any viewer of it (whole, half or broken), and any moment."""

from typing import NamedTuple

from hypothesis import strategies as st

from streamsrv.core.model import CampaignId, Viewer, ViewerId
from tests.campaigns.author import Drawn, campaigns, loaded
from tests.campaigns.viewers import SECRETS, viewers

__all__ = ["SECRETS", "Case", "Drawn", "campaigns", "cases", "loaded", "viewers"]


class Case(NamedTuple):
    """One viewer at one moment, before the campaign is loaded and the viewer's data checked."""

    drawn: Drawn
    viewer: Viewer
    now_s: int


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Any viewer of any campaign between 2020 and 2100."""
    drawn = draw(campaigns())
    name = ViewerId(draw(st.sampled_from(("v-1", "v-2", "ü", ""))))
    viewer = Viewer(name, CampaignId("any"), draw(viewers(drawn.tree)), link_ref="bGluaw")
    return Case(drawn, viewer, draw(st.integers(1_577_836_800, 4_102_444_800)))
