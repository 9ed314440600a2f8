"""The demo's scenes, drawn and played by code: a renewal explainer of an insurer that does not exist.

Makes source files for the packager and nothing else; no picture, sound or word in them is any viewer's own.
"""

from streamsrv.media.demo.scenes import DEMO_SCENES, DemoScene
from streamsrv.media.demo.writer import DemoSource, write_source

__all__ = ["DEMO_SCENES", "DemoScene", "DemoSource", "write_source"]
