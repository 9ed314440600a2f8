"""What holds for all tests."""

from hypothesis import HealthCheck, settings

# How long an example takes depends on who else uses the machine, and no fact that a test states does.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")
