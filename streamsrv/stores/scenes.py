"""Scene manifests from the segment store, as one checked catalog."""

import orjson
from obstore.store import ObjectStore

from streamsrv.core.catalog import Catalog, build_catalog
from streamsrv.core.errors import Invalid, Problem
from streamsrv.core.manifest import parse_scene
from streamsrv.core.model import Scene


def load_catalog(store: ObjectStore, *, target_duration_s: int) -> Catalog:
    """Every scene in the store; raises `Invalid` with every broken manifest. Blocking: for start-up and tools."""
    scenes: list[Scene] = []
    problems: list[Problem] = []
    listed = sorted(meta["path"] for page in store.list(prefix="scenes/") for meta in page)
    for path in listed:
        if not path.endswith("/scene.json"):
            continue
        try:
            scenes.append(parse_scene(orjson.loads(bytes(store.get(path).bytes())), where=path))
        except orjson.JSONDecodeError as error:
            problems.append(Problem(path, f"is not JSON: {error}"))
        except Invalid as error:
            problems.extend(error.problems)
    if problems:
        raise Invalid(problems)
    return build_catalog(scenes, target_duration_s=target_duration_s)
