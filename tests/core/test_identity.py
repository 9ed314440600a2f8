"""Names that stand for campaigns and viewers: stable, apart from each other, and of no use without the secret."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamsrv.core.errors import Invalid
from streamsrv.core.identity import LINK_ID_BYTES, Identity, campaign_tag_of, link_text
from streamsrv.core.model import CampaignId, LinkId, ViewerId

IDENTITY = Identity(b"i" * 32)
campaign_ids = st.text(min_size=1, max_size=20).map(CampaignId)
viewer_ids = st.text(min_size=1, max_size=20).map(ViewerId)


def test_names_are_the_same_in_every_process() -> None:
    """Links that were sent must open for ever: whoever changes this moves every viewer there is."""
    link_id = IDENTITY.link_id(CampaignId("renewal"), ViewerId("ana"))

    assert "Dy9WlLhvcSsx0KbxnfzrSU_yJjus" == link_text(link_id)
    assert "b999a025a2ef7e36349db68d" == IDENTITY.link_ref(CampaignId("renewal"), ViewerId("ana"))


@given(campaign_ids, viewer_ids, viewer_ids)
def test_links_of_a_campaign_begin_with_its_tag_and_differ_by_viewer(
    campaign_id: CampaignId, one: ViewerId, other: ViewerId
) -> None:
    links = [IDENTITY.link_id(campaign_id, viewer_id) for viewer_id in (one, other)]

    assert [IDENTITY.campaign_tag(campaign_id)] * 2 == [campaign_tag_of(link_id) for link_id in links]
    assert (one == other) == (links[0] == links[1])


@given(st.text(max_size=8), st.text(max_size=8), st.text(max_size=8))
def test_where_a_campaigns_id_ends_and_a_viewers_begins_is_part_of_the_name(a: str, b: str, c: str) -> None:
    joined = IDENTITY.link_id(CampaignId(a + b), ViewerId(c))
    parted = IDENTITY.link_id(CampaignId(a), ViewerId(b + c))

    assert (b == "") == (joined == parted)


@given(campaign_ids, viewer_ids)
def test_a_reference_is_no_part_of_a_link(campaign_id: CampaignId, viewer_id: ViewerId) -> None:
    link_id, ref = IDENTITY.link_id(campaign_id, viewer_id), IDENTITY.link_ref(campaign_id, viewer_id)

    assert 24 == len(ref)
    assert ref not in link_id.hex()


def test_another_secret_gives_other_names() -> None:
    other = Identity(b"j" * 32)
    of = (CampaignId("renewal"), ViewerId("ana"))

    assert IDENTITY.link_id(*of) != other.link_id(*of)
    assert IDENTITY.link_ref(*of) != other.link_ref(*of)
    assert IDENTITY.campaign_tag(of[0]) != other.campaign_tag(of[0])


@given(st.binary(min_size=LINK_ID_BYTES, max_size=LINK_ID_BYTES).map(LinkId))
def test_a_link_id_as_text_is_28_characters_of_a_url(link_id: LinkId) -> None:
    text = link_text(link_id)

    assert 28 == len(text)
    assert text.replace("-", "a").replace("_", "a").isalnum()


def test_a_short_secret_is_refused_and_no_secret_is_shown() -> None:
    with pytest.raises(Invalid, match="32 or more"):
        Identity(b"short")
    assert "iiii" not in repr(IDENTITY)
