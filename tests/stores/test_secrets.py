"""Secrets come from the environment, a file, or a file of our own; a wrong one is named and never shown."""

import multiprocessing
import stat
from pathlib import Path

import pytest

from streamsrv.config import LinkSettings, VaultSettings, load_settings
from streamsrv.core.errors import Invalid, invalid
from streamsrv.stores.secrets import KeyRing, load_token_keys, load_vault_keys, own_secret, parse_keys

OLD, NEW = "a" * 64, "b" * 64


def test_a_lone_key_has_the_id_that_the_settings_say() -> None:
    keys = load_token_keys(LinkSettings(key_id=7, secret="x" * 32), None)

    assert (7, {7: b"x" * 32}) == (keys.current, keys.secrets)


def test_of_several_keys_the_first_is_current_and_all_verify() -> None:
    keys = load_vault_keys(VaultSettings(keys=f"2:{NEW},1:{OLD}"), None)

    assert KeyRing(2, {2: b"\xbb" * 32, 1: b"\xaa" * 32}) == keys


def test_keys_may_stand_in_a_file_line_by_line(tmp_path: Path) -> None:
    file = tmp_path / "vault.keys"
    file.write_text(f"2:{NEW}\n1:{OLD}\n")

    assert KeyRing(2, {2: b"\xbb" * 32, 1: b"\xaa" * 32}) == load_vault_keys(VaultSettings(keys_file=file), None)


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "vault.keys"
    file.write_text(OLD)

    assert KeyRing(1, {1: b"\xbb" * 32}) == load_vault_keys(VaultSettings(keys_file=file, keys=NEW), None)


def test_a_key_of_our_own_is_made_once_and_nobody_else_may_read_it(tmp_path: Path) -> None:
    folder = tmp_path / "var" / "secrets"

    first = load_vault_keys(VaultSettings(), folder)

    assert first == load_vault_keys(VaultSettings(), folder)
    assert (32, 0o600) == (len(first.keys[1]), stat.S_IMODE((folder / "vault.key").stat().st_mode))
    assert 0o700 == stat.S_IMODE(folder.stat().st_mode)


def test_keys_of_our_own_are_each_for_one_use(tmp_path: Path) -> None:
    links = load_token_keys(LinkSettings(), tmp_path)
    vault = load_vault_keys(VaultSettings(), tmp_path)

    assert ["links.key", "vault.key"] == sorted(path.name for path in tmp_path.iterdir())
    assert links.secrets[1] != vault.keys[1].hex().encode()


def test_processes_that_start_together_agree_on_the_key(tmp_path: Path) -> None:
    path = tmp_path / "secrets" / "vault.key"
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        found = pool.map(own_secret, [path] * 40)

    assert {path.read_text().strip()} == set(found)
    assert [path] == list(path.parent.iterdir())


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (f"2:{NEW},{OLD}", "vault.keys: has a key without an id"),
        (f"2:{NEW},2:{OLD}", "vault.keys: has the key id 2 twice"),
        (f"256:{NEW}", "vault.keys: has the key id 256"),
    ],
)
def test_a_list_of_keys_that_cannot_be_told_apart_is_refused(text: str, what: str) -> None:
    with pytest.raises(Invalid) as caught:
        parse_keys(text, where="vault.keys", alone=1, decoded=bytes.fromhex)

    assert str(caught.value).startswith(what)


@pytest.mark.parametrize("key", ["a" * 63, "a" * 66, "not hex at all", f"1:{OLD}\n2:abcd"])
def test_a_wrong_key_is_refused_without_showing_it(key: str) -> None:
    with pytest.raises(Invalid) as caught:
        load_vault_keys(VaultSettings(keys=key), None)

    expected = invalid("environment", "has a key that is not 32 bytes in hex", "64 hex digits each")
    assert str(expected) == str(caught.value)


def test_without_a_key_the_error_says_how_to_give_one() -> None:
    with pytest.raises(Invalid) as caught:
        load_vault_keys(VaultSettings(), None)

    how = "STREAMSRV_VAULT_KEYS or vault.keys_file: 64 hex digits, as `openssl rand -hex 32` prints"
    assert f"vault: no secret; expected {how}" == str(caught.value)


def test_a_file_that_is_empty_or_missing_is_named(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.touch()

    for file, what in ((empty, f"{empty} is empty"), (tmp_path / "none", f"cannot read {tmp_path / 'none'}")):
        with pytest.raises(Invalid, match=r"links\.secret_file") as caught:
            load_token_keys(LinkSettings(secret_file=file), None)
        assert what in str(caught.value)


def test_keys_may_not_stand_in_a_settings_file(tmp_path: Path) -> None:
    file = tmp_path / "server.toml"
    file.write_text(f'[vault]\nkeys = "{OLD}"\n')

    with pytest.raises(Invalid) as caught:
        load_settings(file, {})

    expected = invalid(f"{file}: vault.keys", "a secret in a settings file", "STREAMSRV_VAULT_KEYS or vault.keys_file")
    assert str(expected) == str(caught.value)


def test_settings_never_show_a_secret() -> None:
    settings = load_settings(None, {"STREAMSRV_VAULT_KEYS": f"1:{OLD}", "STREAMSRV_LINKS_SECRET": NEW})

    assert OLD not in repr(settings)
    assert NEW not in repr(settings)
    assert OLD not in repr(load_vault_keys(settings.vault, None))
