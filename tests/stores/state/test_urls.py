"""What `state.redis_url` may say, and what is said about the rest."""

from pathlib import Path
from typing import Any

import pytest

from streamsrv.config import load_settings
from streamsrv.core.errors import Invalid
from streamsrv.stores.state.connections import Target, parse_url, shown_url


def _target(**differences: Any) -> Target:
    plain = Target(kind="single", tls=False, hosts=(("h", 6379),), path="", master="", login={}, options={})
    return plain._replace(**differences)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("redis://h", _target()),
        ("redis://h:7000/3", _target(hosts=(("h", 7000),), options={"db": "3"})),
        ("redis://[::1]:7000", _target(hosts=(("::1", 7000),))),
        ("redis://me:p%40ss@h", _target(login={"username": "me", "password": "p@ss"})),
        ("redis://:p@h", _target(login={"password": "p"})),
        ("rediss://h?ssl_ca_certs=/ca.pem", _target(tls=True, options={"ssl_ca_certs": "/ca.pem"})),
        ("unix:///run/r.sock?db=1", _target(hosts=(), path="/run/r.sock", options={"db": "1"})),
        (
            "redis+sentinel://a,b:7/main",
            _target(kind="sentinel", hosts=(("a", 26379), ("b", 7)), master="main"),
        ),
        ("redis+cluster://a:1,b:2", _target(kind="cluster", hosts=(("a", 1), ("b", 2)))),
        ("rediss+cluster://a", _target(kind="cluster", tls=True, hosts=(("a", 6379),))),
    ],
)
def test_a_url_names_servers(url: str, expected: Target) -> None:
    assert parse_url(url) == expected


@pytest.mark.parametrize(
    ("url", "what"),
    [
        ("http://:hunter2@h", "an unknown scheme"),
        ("h:6379", "an unknown scheme"),
        ("unix+cluster:///:hunter2@x", "an unknown scheme"),
        ("redis://:hunter2@", "no host"),
        ("redis://:hunter2@h:port", "not a host and a port"),
        ("redis://:hunter2@h:99999", "not a host and a port"),
        ("redis://:hunter2@[::1", "not a URL"),
        ("redis://:hunter2@h/hunter2", "not a database"),
        ("redis://:hunter2@h?socket_timeout=9", "unknown option 'socket_timeout'"),
        ("redis+cluster://:hunter2@h?db=1", "not a database"),
        ("redis+sentinel://:hunter2@h", "no name of a master"),
        ("unix://", "no path"),
        ("redis+cluster://h,,h", "no host"),
    ],
)
def test_what_is_wrong_with_a_url_is_said_without_showing_it(url: str, what: str) -> None:
    with pytest.raises(Invalid) as raised:
        parse_url(url)

    (problem,) = raised.value.problems
    assert (problem.where, problem.what) == ("state.redis_url", what)
    assert "hunter2" not in str(problem)


def test_a_password_comes_from_the_environment_and_never_shows(tmp_path: Path) -> None:
    settings = load_settings(None, {"STREAMSRV_STATE_REDIS_URL": "redis://:hunter2@h"})
    (tmp_path / "server.toml").write_text('[state]\nredis_url = "redis://:hunter2@h"\n')

    assert settings.state.redis_url == "redis://:hunter2@h"
    assert "hunter2" not in repr(settings)
    with pytest.raises(Invalid, match="a password in a settings file; expected STREAMSRV_STATE_REDIS_URL"):
        load_settings(tmp_path / "server.toml", {})


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("redis://user:secret@10.0.0.1:6380/2", "redis://10.0.0.1:6380/2"),
        ("rediss://:p%40ss@host?sentinel_password=secret", "rediss://host"),
        ("redis+sentinel://u:secret@a:26379,b/mymaster", "redis+sentinel://a:26379,b/mymaster"),
        ("unix:///run/redis.sock?db=1", "unix:///run/redis.sock"),
    ],
)
def test_a_url_is_shown_without_its_login_and_options(url: str, shown: str) -> None:
    assert shown == shown_url(url)
