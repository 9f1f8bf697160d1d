"""Excel and WPS workbooks (.xlsx, .xlsm): the sheet with the most text."""

import io
import zipfile

from pipelines.formats import Content, FileFormat, RawFile
from pipelines.sheets import check_archive, read_workbook


def looks_right(raw: RawFile) -> bool:
    """A zip archive with a workbook inside."""
    if not raw.data.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(raw.data)) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except zipfile.BadZipFile:
        # A cut-off download still says what it was by its suffix; reading it then says that it is damaged.
        return raw.suffix in FORMAT.suffixes


def read(raw: RawFile) -> Content:
    """Return the rows of the fullest sheet; raises UnreadableFile for damaged, encrypted, empty or bloated files."""
    check_archive(raw.data)
    return read_workbook(raw.data)


FORMAT = FileFormat(
    name="xlsx",
    suffixes=(".xlsx", ".xlsm"),
    title_en="Excel or WPS workbook",
    title_zh="Excel 或 WPS 工作簿",
    order=10,
    looks_right=looks_right,
    read=read,
)
