"""Several processes that serve as one: restarted, killed, hung and stopped while clients watch."""

import os
import re
import signal
import subprocess
import sys
import time
from contextlib import suppress
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

from load import world
from tests.app.fleet import Crowd, Fleet, counted, until

ROOT = Path(__file__).parents[2]


def links() -> list[str]:
    return [f"/v/{world.link_token(viewer, now_s=int(time.time()))}" for viewer in world.viewers(8)]


def restarted(fleet: Fleet, *, times: int) -> None:
    """Wait until so many rolling restarts are over, and the old workers gone."""
    until(lambda: fleet.metric('streamsrv_restarts_total{result="done"}') == times)
    until(lambda: fleet.metric("streamsrv_workers_draining") == 0)


def test_a_rolling_restart_under_load_fails_no_request_and_forgets_no_count(fleet: Fleet) -> None:
    before = fleet.workers
    with Crowd(fleet, links()) as crowd:
        until(lambda: crowd.total > 100)
        for times in (1, 2):
            fleet.process.send_signal(signal.SIGHUP)
            restarted(fleet, times=times)
            assert fleet.readiness() == 200
        reached = crowd.total
        until(lambda: crowd.total > reached + 100)

    assert crowd.failed == []
    assert {status for _, status in crowd.done} == {200, 201}
    metrics = fleet.metrics()
    assert counted(metrics) == crowd.done
    assert metrics['streamsrv_workers_ended_total{reason="asked"}'] == 4
    assert not before & fleet.workers
    assert len(fleet.workers) == 2


def test_a_killed_worker_costs_its_requests_in_hand_and_is_replaced(fleet: Fleet) -> None:
    killed = min(fleet.workers)
    shown: list[float] = []
    with Crowd(fleet, links()) as crowd:
        until(lambda: crowd.total > 100)
        os.kill(killed, signal.SIGKILL)

        def replaced() -> bool:
            metrics = fleet.metrics()
            shown.append(sum(counted(metrics).values()))
            return metrics["streamsrv_workers_ready"] == 2 and metrics["streamsrv_workers_started_total"] == 3

        until(lambda: fleet.metric('streamsrv_workers_ended_total{reason="died"}') == 1)
        until(replaced)
        reached = crowd.total
        until(lambda: crowd.total > reached + 100)

    assert fleet.readiness() == 200
    assert len(crowd.failed) <= len(links())
    assert {status for _, status in crowd.done} == {200, 201}
    assert shown == sorted(shown), "a counter went backwards"
    assert {"a worker died"} == {line["message"] for line in fleet.log()}


def test_with_a_worker_gone_the_server_is_not_ready_but_its_connections_are_served(fleet: Fleet) -> None:
    ladder = fleet.folder / "ladder.toml"
    ladder.rename(fleet.folder / "away.toml")
    os.kill(min(fleet.workers), signal.SIGKILL)
    until(lambda: fleet.metric('streamsrv_workers_ended_total{reason="not_ready"}') >= 2)

    assert fleet.readiness() == 503
    for _ in range(40):
        with urlopen(f"{fleet.base_url}{links()[0]}", timeout=5) as response:
            assert response.status == 200
    assert any("ladder.toml: cannot be read" in str(line.get("problems")) for line in fleet.log())
    (fleet.folder / "away.toml").rename(ladder)
    until(lambda: fleet.readiness() == 200)


def test_a_broken_campaign_file_leaves_what_ran_running(fleet: Fleet) -> None:
    file = fleet.folder / "campaigns/renewal.yaml"
    good = file.read_text("utf-8")
    before = fleet.workers
    file.write_text(good.replace("slot: hello", "slto: hello", 1), "utf-8")
    fleet.process.send_signal(signal.SIGHUP)
    until(lambda: fleet.metric('streamsrv_restarts_total{result="refused"}') == 1)

    assert (fleet.metric("streamsrv_last_restart_done"), fleet.readiness()) == (0, 200)
    assert before == fleet.workers
    (refusal,) = [line for line in fleet.log() if "refused" in str(line["message"])]
    assert f"{file}:" in str(refusal["problems"])
    # A worker that is replaced meanwhile serves what the others serve.
    os.kill(min(before), signal.SIGKILL)
    until(lambda: fleet.metric("streamsrv_workers_ready") == 2 and fleet.workers != before)
    assert page(fleet).count("<title>") == 1

    file.write_text(re.sub(r"(?m)^title: .*$", "title: Brand new", good), "utf-8")
    fleet.process.send_signal(signal.SIGHUP)
    restarted(fleet, times=1)
    assert fleet.metric("streamsrv_last_restart_done") == 1
    assert "Brand new" in page(fleet)


def test_an_edited_campaign_is_live_after_the_restart_and_not_before(fleet: Fleet) -> None:
    file = fleet.folder / "campaigns/renewal.yaml"
    file.write_text(re.sub(r"(?m)^title: .*$", "title: Brand new", file.read_text("utf-8")), "utf-8")
    old = min(fleet.workers)
    os.kill(old, signal.SIGKILL)
    until(lambda: old not in fleet.workers and fleet.metric("streamsrv_workers_ready") == 2)
    before = {page(fleet) for _ in range(20)}
    fleet.process.send_signal(signal.SIGHUP)
    restarted(fleet, times=1)

    assert not any("Brand new" in text for text in before)
    assert all("Brand new" in page(fleet) for _ in range(20))


def test_a_worker_that_hangs_is_ended_and_replaced(fleet: Fleet) -> None:
    hung = min(fleet.workers)
    os.kill(hung, signal.SIGSTOP)
    assert fleet.metric("streamsrv_workers_wanted") == 2  # A scrape does not wait for it.
    until(lambda: fleet.metric('streamsrv_workers_ended_total{reason="silent"}') == 1)
    until(lambda: fleet.readiness() == 200)

    assert hung not in fleet.workers
    assert len(fleet.workers) == 2


def test_a_worker_that_somebody_else_stops_drains_and_is_replaced(fleet: Fleet) -> None:
    with Crowd(fleet, links()) as crowd:
        until(lambda: crowd.total > 100)
        for worker in fleet.workers:
            os.kill(worker, signal.SIGTERM)
        until(lambda: fleet.metric('streamsrv_workers_ended_total{reason="left"}') == 2)
        until(lambda: fleet.readiness() == 200)

    assert {status for _, status in crowd.done} == {200, 201}
    assert len(fleet.workers) == 2


def test_workers_do_not_outlive_their_supervisor(fleet: Fleet) -> None:
    workers = fleet.workers
    fleet.process.kill()

    until(lambda: not any(alive(worker) for worker in workers))


def test_sigterm_ends_everything_with_status_0(fleet: Fleet) -> None:
    workers = fleet.workers
    fleet.process.send_signal(signal.SIGTERM)

    assert fleet.process.wait(30) == 0
    assert not any(alive(worker) for worker in workers)


def test_what_cannot_be_served_is_said_once_and_nothing_is_left_running(config: Path) -> None:
    campaign = config.parent / "campaigns/renewal.yaml"
    campaign.write_text(campaign.read_text("utf-8").replace("slot: hello", "slto: hello", 1), "utf-8")
    ended = subprocess.run(
        [sys.executable, "-m", "streamsrv", "serve", "--config", str(config), "--workers", "2"],
        capture_output=True,
        text=True,
        env={**os.environ, **world.ENVIRON},
        timeout=60,
        check=False,
    )

    assert (ended.returncode, ended.stdout) == (1, "")
    lines = ended.stderr.splitlines()
    assert len(lines) == len(set(lines)) > 0
    assert all(line.startswith(f"streamsrv: {campaign}:") for line in lines)


def test_a_second_server_on_the_same_port_is_refused(fleet: Fleet, config: Path) -> None:
    port = fleet.base_url.rpartition(":")[2]
    ended = subprocess.run(
        [sys.executable, "-m", "streamsrv", "serve", "--config", str(config)],
        capture_output=True,
        text=True,
        env={**os.environ, **world.ENVIRON, "STREAMSRV_SERVER_PORT": port},
        timeout=60,
        check=False,
    )

    expected = f"streamsrv: server: 127.0.0.1:{port}: cannot be listened on: Address already in use\n"
    assert (ended.returncode, ended.stderr) == (1, expected)


def page(fleet: Fleet) -> str:
    with urlopen(f"{fleet.base_url}{links()[0]}", timeout=20) as response:
        return str(response.read().decode())


def alive(pid: int) -> bool:
    """Whether the process runs: one that is dead and not yet buried does not."""
    with suppress(FileNotFoundError, ProcessLookupError):
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text("utf-8")
    return False


def test_a_kept_connection_is_answered_by_the_worker_that_leaves(fleet: Fleet) -> None:
    """Its next request is not cut, whoever has taken over meanwhile; the one after it comes on a new connection."""
    connection = HTTPConnection(urlsplit(fleet.base_url).netloc, timeout=20)
    link = links()[0]
    answers = []
    for restarting in (True, False):
        connection.request("GET", link)
        response = connection.getresponse()
        answers.append((response.status, response.getheader("Connection"), len(response.read()) > 0))
        if restarting:
            fleet.process.send_signal(signal.SIGHUP)
            until(lambda: fleet.metric('streamsrv_restarts_total{result="done"}') == 1)
            time.sleep(1.0)  # Longer than the end of the whole server would leave it.
    connection.close()

    assert answers == [(200, None, True), (200, "close", True)]
    restarted(fleet, times=1)


def test_sigterm_ends_a_server_that_is_starting(config: Path) -> None:
    command = [sys.executable, "-m", "streamsrv", "serve", "--config", str(config), "--workers", "2"]
    environ = {**os.environ, **world.ENVIRON}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environ) as process:
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        until(lambda: len(children.read_text("ascii").split()) == 2)
        workers = [int(pid) for pid in children.read_text("ascii").split()]
        process.send_signal(signal.SIGTERM)

        assert (process.wait(30), process.communicate()[0]) == (0, "")
    assert not any(alive(worker) for worker in workers)


def test_an_embedded_state_server_that_dies_is_started_again_unasked(fleet: Fleet) -> None:
    log = fleet.folder / "state/valkey.log"
    (pid,) = re.findall(r"(?m)^(\d+):M .*Server initialized", log.read_text("utf-8"))[-1:]
    os.kill(int(pid), signal.SIGKILL)
    until(lambda: len(re.findall(r"(?m)^\d+:M .*Server initialized", log.read_text("utf-8"))) >= 2)

    until(lambda: fleet.metric("streamsrv_state_breaker") == 0)
    with Crowd(fleet, links()) as crowd:
        until(lambda: crowd.done["session", 201] >= len(links()))
