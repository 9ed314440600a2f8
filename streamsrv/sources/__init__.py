"""Data that campaigns ask for at the click: JSON over HTTP, from hosts an operator listed, in a few milliseconds.

`open_sources` gives a `DataSources` port. A source that is late, broken or forbidden never fails a session: what was
imported stands, with a reason. Nothing is reached that is not public, unless the settings say so (B23).
"""

from streamsrv.sources.asking import HttpDataSources, open_sources

__all__ = ["HttpDataSources", "open_sources"]
