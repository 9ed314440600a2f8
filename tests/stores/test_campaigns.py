"""A folder of campaigns is loaded whole, and a file that breaks later takes nothing away (A37)."""

from pathlib import Path

import pytest

from streamsrv.core.cut import release_tag
from streamsrv.core.errors import Invalid, NotFound
from streamsrv.core.identity import Identity
from streamsrv.core.model import CampaignId
from streamsrv.stores.campaigns import (
    Against,
    FolderCampaignStore,
    campaign_files,
    load_campaigns,
    read_campaigns,
)
from tests.timelines import make_scenes

IDENTITY = Identity(b"i" * 32)
GOOD = "campaign: {id}\ntitle: {title}\nstory: [{{slot: a, scene: b}}]\nfallback: [b]\n"


def write(folder: Path, file: str, *, campaign: str = "one", title: str = "First") -> None:
    (folder / file).write_text(GOOD.format(id=campaign, title=title), encoding="utf-8")


def open_store(folder: Path) -> FolderCampaignStore:
    return FolderCampaignStore(folder, Against(make_scenes("b")), tag_of=IDENTITY.campaign_tag)


def test_every_file_of_the_folder_is_a_campaign(tmp_path: Path) -> None:
    write(tmp_path, "a.yaml", campaign="one")
    write(tmp_path, "b.yml", campaign="two")
    (tmp_path / "notes.txt").write_text("not a campaign", encoding="utf-8")

    assert sorted(load_campaigns(tmp_path, Against())) == ["one", "two"]


def test_the_problems_of_all_files_come_together(tmp_path: Path) -> None:
    write(tmp_path, "a.yaml")
    write(tmp_path, "b.yaml")
    (tmp_path / "c.yaml").write_text("[", encoding="utf-8")
    (tmp_path / "d.yaml").write_bytes(b"\xff\xfe\xfd")
    (tmp_path / "e.yaml").mkdir()

    with pytest.raises(Invalid) as caught:
        load_campaigns(tmp_path, Against(make_scenes("c")))
    assert [str(problem).removeprefix(f"{tmp_path}/") for problem in caught.value.problems] == [
        'a.yaml:3:26: there is no scene "b"; expected a packaged scene: c',
        'a.yaml:4:12: there is no scene "b"; expected a packaged scene: c',
        'b.yaml:3:26: there is no scene "b"; expected a packaged scene: c',
        'b.yaml:4:12: there is no scene "b"; expected a packaged scene: c',
        "c.yaml:1:2: a bracket that nothing closes; expected its } or ] before the file ends",
        "d.yaml: is not UTF-8 text; expected a campaign in YAML",
        "e.yaml: cannot be read: Is a directory; expected a campaign in YAML",
    ]


def test_one_id_stands_for_one_campaign(tmp_path: Path) -> None:
    write(tmp_path, "a.yaml")
    write(tmp_path, "b.yaml")

    with pytest.raises(Invalid) as caught:
        load_campaigns(tmp_path, Against())
    assert str(caught.value) == f"{tmp_path}/b.yaml: is the campaign one again; expected another than {tmp_path}/a.yaml"


def test_a_folder_within_the_folder_is_a_tenant(tmp_path: Path) -> None:
    for name in ("acme", ".git", "notes"):
        (tmp_path / name).mkdir()
    write(tmp_path, "a.yaml", campaign="one")
    write(tmp_path, "acme/b.yaml", campaign="two")
    write(tmp_path, ".git/c.yaml", campaign="three")

    loaded = load_campaigns(tmp_path, Against())
    assert {name: campaign.tenant_id for name, campaign in loaded.items()} == {"one": "main", "two": "acme"}


def test_a_campaign_has_one_tenant(tmp_path: Path) -> None:
    for name in ("acme", "other"):
        (tmp_path / name).mkdir()
        write(tmp_path, f"{name}/a.yaml")

    with pytest.raises(Invalid) as caught:
        load_campaigns(tmp_path, Against())
    twins = f"{tmp_path}/other/a.yaml: is the campaign one again; expected another than {tmp_path}/acme/a.yaml"
    assert str(caught.value) == twins


def test_a_tenants_folder_is_named_as_tenants_are(tmp_path: Path) -> None:
    (tmp_path / "Acme & Co").mkdir()
    write(tmp_path, "Acme & Co/a.yaml")

    with pytest.raises(Invalid) as caught:
        load_campaigns(tmp_path, Against())
    expected = "lies in a folder whose name cannot be a tenant's; expected 1 to 32 small letters, digits and -"
    assert str(caught.value) == f"{tmp_path}/Acme & Co/a.yaml: {expected}"


@pytest.mark.parametrize(
    ("folder", "problem"),
    [("", "has no campaign; expected at least one .yaml file"),
     ("missing", "cannot be read: No such file or directory; expected a folder of campaign files")],
)  # fmt: skip
def test_a_server_without_campaigns_does_not_start(tmp_path: Path, folder: str, problem: str) -> None:
    with pytest.raises(Invalid) as caught:
        open_store(tmp_path / folder)
    assert str(caught.value) == f"{tmp_path / folder}: {problem}"


def test_an_unknown_campaign_is_not_found(tmp_path: Path) -> None:
    write(tmp_path, "a.yaml")

    with pytest.raises(NotFound, match="no such campaign"):
        open_store(tmp_path).campaign(CampaignId("two"))


def test_reloading_takes_new_releases_and_leaves_equal_ones_as_they_are(tmp_path: Path) -> None:
    write(tmp_path, "a.yaml", campaign="one")
    write(tmp_path, "b.yaml", campaign="two")
    store = open_store(tmp_path)
    one = store.campaign(CampaignId("one"))
    write(tmp_path, "b.yaml", campaign="two", title="Second")
    write(tmp_path, "c.yaml", campaign="three")

    assert store.reload() == ()
    assert store.campaign(CampaignId("one")) is one
    assert store.campaign(CampaignId("two")).titles == {"": "Second"}
    assert sorted(store.live) == ["one", "three", "two"]


def test_a_playback_token_finds_its_own_release_while_that_is_known_and_the_live_one_after(tmp_path: Path) -> None:
    write(tmp_path, "a.yaml", title="First")
    store = open_store(tmp_path)
    first = store.campaign(CampaignId("one"))
    write(tmp_path, "a.yaml", title="Second")
    store.reload()
    tag, second = IDENTITY.campaign_tag(CampaignId("one")), store.campaign(CampaignId("one"))

    assert first is store.campaign_by_tag(tag, release_tag(first))
    assert second is store.campaign_by_tag(tag, release_tag(second))
    assert {"": "Second"} == open_store(tmp_path).campaign_by_tag(tag, release_tag(first)).titles
    with pytest.raises(NotFound):
        store.campaign_by_tag(b"other", release_tag(first))


def test_a_file_that_broke_leaves_its_last_good_release_live(tmp_path: Path) -> None:
    write(tmp_path, "a.yaml", campaign="one")
    write(tmp_path, "b.yaml", campaign="two")
    store = open_store(tmp_path)
    one = store.campaign(CampaignId("one"))
    (tmp_path / "a.yaml").write_text("campaign: one\nstory: oops\n", encoding="utf-8")
    write(tmp_path, "b.yaml", campaign="two", title="Second")

    problems = store.reload()

    assert [problem.where for problem in problems] == [f"{tmp_path}/a.yaml:1:1", f"{tmp_path}/a.yaml:2:8"]
    assert store.campaign(CampaignId("one")) is one
    assert store.campaign(CampaignId("two")).titles == {"": "Second"}


def test_a_file_that_is_taken_away_takes_its_campaign_with_it(tmp_path: Path) -> None:
    write(tmp_path, "a.yaml", campaign="one")
    write(tmp_path, "b.yaml", campaign="two")
    store = open_store(tmp_path)
    (tmp_path / "a.yaml").unlink()

    assert store.reload() == ()
    assert sorted(store.live) == ["two"]


def test_campaigns_are_held_against_the_hosts_that_the_server_allows(tmp_path: Path) -> None:
    write(tmp_path, "a.yaml")
    slot = '{slot: a, scene: b, cta: {label: Go, url: "https://a.example/"}}'
    text = f"campaign: two\nstory: [{slot}]\nfallback: [b]\n"
    (tmp_path / "b.yaml").write_text(text, encoding="utf-8")

    with pytest.raises(Invalid) as caught:
        load_campaigns(tmp_path, Against(cta_hosts=("b.example",)))
    assert str(caught.value) == (
        f'{tmp_path}/b.yaml:2:51: "url" is "https://a.example/": a.example is not an allowed host; expected one of '
        "cta_hosts in the server's settings: b.example"
    )
    assert sorted(load_campaigns(tmp_path, Against(cta_hosts=("*.example",)))) == ["one", "two"]


def test_one_file_that_is_wrong_takes_no_other_away(tmp_path: Path) -> None:
    write(tmp_path, "a.yaml")
    (tmp_path / "b.yaml").write_text("campaign: two\n", encoding="utf-8")
    loaded, problems = read_campaigns(campaign_files(tmp_path), Against())

    assert [(path.name, campaign.campaign_id) for path, campaign in loaded.items()] == [("a.yaml", "one")]
    assert [str(problem) for problem in problems] == [
        f'{tmp_path}/b.yaml:1:1: a campaign has no "story" and no "fallback"; expected this key here'
    ]
