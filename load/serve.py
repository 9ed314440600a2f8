"""`streamsrv serve` without the command line around it: `python load/serve.py SETTINGS`."""

import os
import sys
from pathlib import Path

from streamsrv.app import Bound, run_server
from streamsrv.config import load_settings


def announce(bound: Bound) -> None:
    print(f"serving on {bound.base_url}, metrics and health on {bound.internal_url}", flush=True)


if __name__ == "__main__":
    run_server(load_settings(Path(sys.argv[1]), os.environ), ready=announce)
