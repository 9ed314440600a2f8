"""The file of rejected rows: CSV, a line for every reason, safe to open in a spreadsheet."""

from streamsrv.core.importing.rows import MAX_ID_CHARS, RejectedRow

HEADER = "row,viewer,field,reason,expected\r\n"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\0")
"""What makes a spreadsheet calculate a cell, or send it elsewhere."""


def format_rejected(number: int, rejected: RejectedRow) -> str:
    """The lines of one row; `number` is the table's."""
    viewer_id = (rejected.viewer_id or "")[:MAX_ID_CHARS]
    row = f"{number},{safe_cell(viewer_id)}"
    return "".join(
        f"{row},{safe_cell(reason.where)},{safe_cell(reason.what)},{safe_cell(reason.expected)}\r\n"
        for reason in rejected.reasons
    )


def safe_cell(text: str) -> str:
    """A cell of CSV that no spreadsheet calculates (B24)."""
    if text.startswith(_FORMULA):
        text = f"'{text}"
    return '"' + text.replace('"', '""') + '"' if any(letter in text for letter in ',"\r\n') else text
