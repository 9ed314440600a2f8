"""What `docs/security.md` names is there."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs/security.md").read_text("utf-8")


def test_every_test_that_the_threat_model_names_exists() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", TEXT)
    missing = [
        (path, name)
        for path, name in named
        if not (ROOT / path).is_file() or (name and f"def {name}(" not in (ROOT / path).read_text("utf-8"))
    ]

    assert len(named) > 50
    assert [] == missing


def test_every_command_that_the_threat_model_names_exists() -> None:
    modules = set(re.findall(r"python -m ([\w.]+)", TEXT))

    assert [] == [one for one in modules if not (ROOT / f"{one.replace('.', '/')}.py").is_file()]
