"""Old Excel workbooks (.xls, BIFF)."""

from pipelines.formats import Content, FileFormat, RawFile
from pipelines.sheets import encrypted, read_workbook

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def looks_right(raw: RawFile) -> bool:
    """An OLE file with a workbook stream, or the encrypted wrapper that Excel puts around a protected .xlsx."""
    if not raw.data.startswith(OLE):
        return False
    return any(name.encode("utf-16-le") in raw.data for name in ("Workbook", "Book\0", "EncryptedPackage"))


def read(raw: RawFile) -> Content:
    """Return the rows of the fullest sheet; raises UnreadableFile for damaged, encrypted or empty files."""
    if "EncryptedPackage".encode("utf-16-le") in raw.data:
        raise encrypted()
    return read_workbook(raw.data)


FORMAT = FileFormat(
    name="xls",
    suffixes=(".xls",),
    title_en="Old Excel workbook",
    title_zh="旧版 Excel 工作簿",
    order=11,
    looks_right=looks_right,
    read=read,
)
