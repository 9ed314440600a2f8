"""Rows of a customer's file made into viewers of a campaign: columns matched by name, cells in the schema's types.

Nothing here reads files (that is `stores.tables`) and nothing keeps viewers.
"""

from streamsrv.core.importing.cells import Style, make_style
from streamsrv.core.importing.headers import Match, match_columns
from streamsrv.core.importing.records import RecordChecker
from streamsrv.core.importing.rejects import HEADER, format_rejected, safe_cell
from streamsrv.core.importing.rows import RejectedRow, Row, RowChecker, check_viewer_id

__all__ = [
    "HEADER",
    "Match",
    "RecordChecker",
    "RejectedRow",
    "Row",
    "RowChecker",
    "Style",
    "check_viewer_id",
    "format_rejected",
    "make_style",
    "match_columns",
    "safe_cell",
]
