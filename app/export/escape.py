"""Cells that a spreadsheet would run as a formula are made text by a leading apostrophe.

After OWASP, "CSV Injection": what someone wrote into a survey must never be executed by whoever opens the export.
"""

import re

Cell = str | int | float | bool | None

DANGEROUS = tuple("=+-@\t\r\n＝＋－＠")
"""First characters that begin a formula in Excel, LibreOffice or WPS; full-width ones count in East Asian versions."""
PLAIN_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")


def safe(value: Cell) -> Cell:
    """Return the value as it may stand in a cell; numbers, also numbers in text such as "-5", stay as they are."""
    if not isinstance(value, str) or not value.startswith(DANGEROUS) or PLAIN_NUMBER.fullmatch(value):
        return value
    return "'" + value
