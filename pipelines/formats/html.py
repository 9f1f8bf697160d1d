"""Tables in HTML pages, which is what many systems export under the name of .xls."""

import re
from html.parser import HTMLParser

from pipelines.formats import Content, FileFormat, RawFile
from pipelines.unreadable import UnreadableFile

_START = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?(?:<!doctype html|<html|<meta|<head|<table|<style)", re.IGNORECASE)


class _Tables(HTMLParser):
    """Collects the cells of every table; a table within a cell counts as its text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[str]]] = []
        self._depth = 0
        self._cell: list[str] | None = None
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._depth += 1
            if self._depth == 1:
                self.tables.append([])
        elif tag in ("script", "style"):
            self._silent += 1
        elif self._depth == 1 and tag == "tr":
            self._end_cell()
            self.tables[-1].append([])
        elif self._depth == 1 and tag in ("td", "th"):
            self._end_cell()
            if not self.tables[-1]:
                self.tables[-1].append([])
            self._cell = []
        elif tag == "br" and self._cell is not None:
            self._cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "table" and self._depth:
            if self._depth == 1:
                self._end_cell()
            self._depth -= 1
        elif tag in ("script", "style") and self._silent:
            self._silent -= 1
        elif self._depth == 1 and tag in ("td", "th", "tr"):
            self._end_cell()

    def handle_data(self, data: str) -> None:
        if self._cell is not None and not self._silent:
            self._cell.append(data)

    def _end_cell(self) -> None:
        if self._cell is not None:
            self.tables[-1][-1].append("".join(self._cell).strip())
            self._cell = None


def looks_right(raw: RawFile) -> bool:
    """Text that opens as a page does."""
    return raw.text is not None and _START.match(raw.text[:2_000]) is not None


def read(raw: RawFile) -> Content:
    """Return the rows of the largest table; raises UnreadableFile for a page without one."""
    parser = _Tables()
    parser.feed(raw.text or "")
    parser.close()
    largest = max(parser.tables, key=lambda table: sum(len(cell) for row in table for cell in row), default=[])
    rows = [(number, tuple(cells)) for number, cells in enumerate(largest, start=1) if any(cells)]
    if not rows:
        raise UnreadableFile(
            "no_table",
            message_en="This is a web page without a table. Upload the exported data itself, as csv or xlsx.",
            message_zh="这是一个没有表格的网页。请上传导出的数据文件（csv 或 xlsx）。",
        )
    return Content(kind="table", rows=rows)


FORMAT = FileFormat(
    name="html",
    suffixes=(".html", ".htm"),
    title_en="Web page with a table",
    title_zh="含表格的网页",
    order=20,
    looks_right=looks_right,
    read=read,
)
