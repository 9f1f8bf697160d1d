"""Any codebook file → entries: REFI-QDA by its markup, tables otherwise."""

from collections.abc import Sequence

from pipelines.codebook_entries import MOST_ENTRIES, CodebookFile
from pipelines.codebook_qdc import looks_like_qdc, read_qdc, write_qdc
from pipelines.codebook_tables import read_table, write_cells
from pipelines.records import CodebookEntry
from pipelines.unreadable import UnreadableFile

LARGEST_MB = 5
"""A codebook of 2,000 themes with 15 examples each is about 3 MB; looked at before anything is parsed."""


def read_codebook(data: bytes, filename: str) -> CodebookFile:
    """Return the codebook in a csv, tsv, xlsx or REFI-QDA .qdc file, by its contents. Raises UnreadableFile."""
    if len(data) > LARGEST_MB * 2**20:
        raise UnreadableFile(
            "codebook_too_large",
            message_en=f"{filename} has {len(data) / 2**20:.1f} MB; a codebook may have {LARGEST_MB} MB.",
            message_zh=f"{filename} 有 {len(data) / 2**20:.1f} MB，编码簿不能超过 {LARGEST_MB} MB。",
            details={"bytes": len(data), "limit": LARGEST_MB * 2**20},
        )
    if not data.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise UnreadableFile("empty", message_en=f"{filename} is empty.", message_zh=f"{filename} 是空文件。")
    found = read_qdc(data, filename) if looks_like_qdc(data) else read_table(data, filename)
    if not found.entries:
        raise UnreadableFile(
            "no_themes",
            message_en=f"{filename} has no theme ({len(found.rejected)} rows could not be read).",
            message_zh=f"{filename} 中没有主题（{len(found.rejected)} 行无法读取）。",
            details={"rejected": len(found.rejected)},
        )
    return found


def too_full(codebook: Sequence[CodebookEntry]) -> dict[str, object] | None:
    """Return what a codebook has too much of to leave as a file and come back, None where it fits.

    `entries` and `most` where it has more entries than one may have, `mb` and `most` where its file would be too large.
    """
    if len(codebook) > MOST_ENTRIES:
        return {"entries": len(codebook), "most": MOST_ENTRIES}
    # A cell grows by quotes around and within it, and by the apostrophe that keeps it from running as a formula.
    table = sum(len(cell.encode()) + cell.count('"') + 4 for row in write_cells(codebook) for cell in row)
    size = max(table, len(write_qdc(codebook, origin="")) + 100)
    return {"mb": f"{size / 2**20:.1f}", "most": LARGEST_MB} if size > LARGEST_MB * 2**20 else None
