"""How long a job that ended its processes is left alone."""

from streamsrv.media.render.quarantine import KEPT_JOBS, QUARANTINE_S, Quarantine


class Clock:
    def __init__(self) -> None:
        self.now_s = 1_000.0

    def __call__(self) -> float:
        return self.now_s


def test_one_death_is_forgiven_and_the_second_is_the_last_for_ten_minutes() -> None:
    clock = Clock()
    quarantine = Quarantine(clock)
    held = []
    for _ in range(2):
        quarantine.add_death("a")
        held.append(quarantine.holds("a"))
    clock.now_s += QUARANTINE_S - 0.1
    held.append(quarantine.holds("a"))
    clock.now_s += 0.1
    held.append(quarantine.holds("a"))

    assert (600.0, [False, True, True, False]) == (QUARANTINE_S, held)
    assert 0 == len(quarantine)


def test_after_it_a_job_has_all_its_tries_again() -> None:
    clock = Clock()
    quarantine = Quarantine(clock)
    for _ in range(2):
        quarantine.add_death("a")
    clock.now_s += QUARANTINE_S
    quarantine.add_death("a")

    assert not quarantine.holds("a")
    quarantine.add_death("a")
    assert quarantine.holds("a")


def test_deaths_that_are_long_apart_are_no_reason() -> None:
    clock = Clock()
    quarantine = Quarantine(clock)
    for _ in range(5):
        quarantine.add_death("a")
        assert not quarantine.holds("a")
        clock.now_s += QUARANTINE_S


def test_the_time_runs_from_the_last_death() -> None:
    clock = Clock()
    quarantine = Quarantine(clock)
    quarantine.add_death("a")
    clock.now_s += QUARANTINE_S - 1
    quarantine.add_death("a")
    clock.now_s += QUARANTINE_S - 1

    assert quarantine.holds("a")


def test_however_many_jobs_are_deadly_only_the_latest_are_remembered() -> None:
    quarantine = Quarantine(Clock())
    for number in range(KEPT_JOBS + 1):
        quarantine.add_death(f"{number}")
        quarantine.add_death(f"{number}")

    assert (KEPT_JOBS, False, True) == (len(quarantine), quarantine.holds("0"), quarantine.holds("1"))
