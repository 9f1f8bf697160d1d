import datetime
import io
import zipfile

import openpyxl
import pytest
import xlwt

from pipelines.read import UnreadableFile, read_file
from pipelines.sheets import cell_text


def _saved(book: openpyxl.Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _book(*rows: list[object]) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    return book


def test_cells_are_shown_as_a_spreadsheet_shows_them() -> None:
    assert cell_text(2549.0) == "2549"
    assert cell_text(0.1 + 0.2) == "0.3"
    assert cell_text(100008000000.0) == "100008000000"
    assert cell_text(datetime.datetime(2026, 3, 1, 9, 12)) == "2026-03-01 09:12:00"
    assert cell_text(datetime.datetime(2026, 3, 1)) == "2026-03-01"
    assert cell_text(datetime.date(2026, 3, 1)) == "2026-03-01"
    assert cell_text(True) == "TRUE"
    assert cell_text("#N/A") == ""
    assert cell_text(None) == ""


def test_the_sheet_with_the_most_text_is_read_and_the_others_are_named() -> None:
    book = _book(["说明"], ["导出人"])
    sheet = book.create_sheet("反馈明细")
    for row in (
        ["编号", "评论内容", "时间"],
        [1, "物流太慢了，等了两周", datetime.datetime(2026, 3, 1, 9, 12)],
        [2, "客服耐心", None],
    ):
        sheet.append(row)
    table = read_file(_saved(book), "反馈.xlsx")
    assert table.columns == ("编号", "评论内容", "时间")
    assert table.rows[0] == (2, ("1", "物流太慢了，等了两周", "2026-03-01 09:12:00"))
    assert table.notes == ("sheet:反馈明细", "sheet_left_out:Sheet")


def test_sheets_with_the_same_header_are_one_table_with_rows_counted_on() -> None:
    book = _book(["一月反馈"], ["编号", "评论内容"], [1, "物流太慢了，等了两周"], [2, "客服很耐心"])
    other = book.create_sheet("二月")
    for row in (["一月反馈"], ["编号", "评论内容"], [3, "还是太慢"]):
        other.append(row)
    book.create_sheet("说明").append(["导出人", "小李"])
    table = read_file(_saved(book), "反馈.xlsx")
    assert [number for number, _ in table.rows] == [3, 4, 7]
    assert (table.rows[2][1], table.rejected) == (("3", "还是太慢"), ())
    assert table.notes[:3] == ("sheet:Sheet", "sheet:二月", "sheet_left_out:说明")


def test_a_cell_merged_downwards_says_the_same_in_every_row() -> None:
    book = _book(["日期", "评论"], ["2026-03-01", "太慢"], [None, "很好"], ["2026-03-02", "漏了"], [None, None])
    book.active.merge_cells("A2:A3")
    book.active.merge_cells("A4:A5")
    table = read_file(_saved(book), "a.xlsx")
    assert [cells for _, cells in table.rows] == [
        ("2026-03-01", "太慢"),
        ("2026-03-01", "很好"),
        ("2026-03-02", "漏了"),
    ]


def test_hidden_sheets_are_left_alone() -> None:
    book = _book(["comment"], ["short one"])
    hidden = book.create_sheet("old")
    hidden.sheet_state = "hidden"
    hidden.append(["a much longer text in a sheet that nobody sees any more"])
    assert read_file(_saved(book), "a.xlsx").rows == [(2, ("short one",))]


def test_merged_titles_and_empty_rows_keep_row_numbers() -> None:
    book = _book(["2026 年客户反馈"], [], ["编号", "评论内容", "评分"], [1, "物流太慢", 2], [], [2, "客服耐心", 5])
    book.active.merge_cells("A1:C1")
    table = read_file(_saved(book), "a.xlsx")
    assert table.columns == ("编号", "评论内容", "评分")
    assert table.rows == [(4, ("1", "物流太慢", "2")), (6, ("2", "客服耐心", "5"))]


def test_old_workbooks() -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("data")
    for y, row in enumerate([["id", "comment"], [1, "Slow to load"], [2, "Kind staff"]]):
        for x, cell in enumerate(row):
            sheet.write(y, x, cell)
    file = io.BytesIO()
    book.save(file)
    table = read_file(file.getvalue(), "old.xls")
    assert (table.format, table.rows[0]) == ("xls", (2, ("1", "Slow to load")))


def test_a_web_page_called_xls() -> None:
    header = "<html><head><style>td{color:red}</style></head><table><tr><th>编号</th><th>评论内容</th></tr>"
    page = header + "<tr><td>1</td><td>物流&amp;包装<br>都差</td></tr></table></html>"
    table = read_file(page.encode("gbk"), "导出.xls")
    assert (table.format, table.columns) == ("html", ("编号", "评论内容"))
    assert table.rows == [(2, ("1", "物流&包装\n都差"))]


def test_a_protected_workbook_is_named_as_such() -> None:
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600
    with pytest.raises(UnreadableFile, match="password") as caught:
        read_file(data, "secret.xlsx")
    assert caught.value.code == "encrypted"


def _with_sheet(xml: bytes, *, declared: int | None = None) -> bytes:
    plain = _saved(_book(["comment"], ["x"]))
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(plain)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(
                entry.filename, xml if entry.filename == "xl/worksheets/sheet1.xml" else old.read(entry.filename)
            )
    data = file.getvalue()
    if declared is not None:
        size = len(xml).to_bytes(4, "little")
        data = data.replace(size, declared.to_bytes(4, "little"))
    return data


SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
)


def test_a_workbook_that_unpacks_to_far_more_is_refused() -> None:
    xml = SHEET.format(" " * 90_000_000).encode()
    for declared in (None, 1000):
        with pytest.raises(UnreadableFile) as caught:
            read_file(_with_sheet(xml, declared=declared), "bomb.xlsx")
        assert caught.value.code == "too_large"


def test_a_lone_far_cell_does_not_fill_the_memory() -> None:
    xml = SHEET.format('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
    with pytest.raises(UnreadableFile, match="1,048,576") as caught:
        read_file(_with_sheet(xml.encode()), "far.xlsx")
    assert caught.value.code == "too_large"


def test_entities_are_not_expanded() -> None:
    laughs = '<!DOCTYPE w [<!ENTITY a "hahahaha"><!ENTITY b "&a;&a;&a;&a;">]>' + SHEET.format(
        '<row r="1"><c r="A1" t="inlineStr"><is><t>comment</t></is></c></row>'
        '<row r="2"><c r="A2" t="inlineStr"><is><t>&b;</t></is></c></row>'
    )
    with pytest.raises(UnreadableFile) as caught:
        read_file(_with_sheet(laughs.encode()), "laugh.xlsx")
    assert caught.value.code in ("damaged", "no_rows")
