"""The use cases, in the order of the request path: link, session, decisions, timeline, playlists, segments.

Async because stores are; no I/O of its own. What may not be found raises; nothing here knows HTTP.
"""

from streamsrv.delivery.delivery import Delivery
from streamsrv.delivery.values import InitSection, Landing, Opened, OwnBody, Playing, Poster, SegmentBody, Wanted

__all__ = ["Delivery", "InitSection", "Landing", "Opened", "OwnBody", "Playing", "Poster", "SegmentBody", "Wanted"]
