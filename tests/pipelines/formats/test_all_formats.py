"""The contract of every FORMAT: its sample comes back whole, and bad bytes give rows or one clear error."""

import io
import zipfile
from pathlib import Path

import docx
import openpyxl
import pytest
import xlwt
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.formats import FileFormat, RawFile, all_formats, recognise
from pipelines.mapping import KEYS
from pipelines.read import REJECTION_REASONS, UnreadableFile, read_file

ROWS = [
    ["id", "comment", "rating"],
    ["1", "Delivery took three weeks, far too long.", "2"],
    ["2", "客服很耐心，问题当天就解决了。", "5"],
    ["3", "The new search is fast", "4"],
]
TEXTS = [row[1] for row in ROWS[1:]]
CSV = "".join(",".join(f'"{cell}"' for cell in row) + "\n" for row in ROWS)


def _xlsx() -> bytes:
    book = openpyxl.Workbook()
    for row in ROWS:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _xls() -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("data")
    for y, row in enumerate(ROWS):
        for x, cell in enumerate(row):
            sheet.write(y, x, cell)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _docx() -> bytes:
    document = docx.Document()
    for text in TEXTS:
        document.add_paragraph(text)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _html() -> bytes:
    rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in ROWS)
    return f"<html><body><table>{rows}</table></body></html>".encode()


def _json() -> bytes:
    items = ",".join(f'{{"id": {row[0]}, "comment": "{row[1]}", "user": {{"city": "Oslo"}}}}' for row in ROWS[1:])
    return f'{{"meta": {{"page": 1}}, "items": [{items}]}}'.encode()


def _jsonl() -> bytes:
    return "\n".join(f'{{"id": {row[0]}, "comment": "{row[1]}"}}' for row in ROWS[1:]).encode()


CUES = "".join(f"00:00:0{n}.000 --> 00:00:0{n}.900\n<v Ana>{text}</v>\n\n" for n, text in enumerate(TEXTS, start=1))
SRT = "".join(
    f"{n}\n00:00:{n * 9:02},000 --> 00:00:{n * 9:02},900\n{text}\n\n" for n, text in enumerate(TEXTS, start=1)
)
SAMPLES: dict[str, bytes] = {
    "csv": CSV.encode(),
    "xlsx": _xlsx(),
    "xls": _xls(),
    "docx": _docx(),
    "html": _html(),
    "json": _json(),
    "jsonl": _jsonl(),
    "vtt": f"WEBVTT\n\n{CUES}".encode(),
    "srt": SRT.encode(),
    "md": ("# Answers\n\n" + "\n".join(f"- {text}" for text in TEXTS)).encode(),
    "txt": "\n".join(TEXTS).encode(),
}


def test_there_is_a_sample_for_every_format() -> None:
    assert set(SAMPLES) == {form.name for form in all_formats()}


@pytest.mark.parametrize("form", all_formats(), ids=lambda form: form.name)
def test_a_format_reads_its_own_sample_under_its_own_name(form: FileFormat) -> None:
    table = read_file(SAMPLES[form.name], f"sample{form.suffixes[0]}")
    assert table.format == form.name
    found = " ".join(cell for _, cells in table.rows for cell in cells)
    assert all(text in found for text in TEXTS)
    assert not table.rejected
    assert len(set(table.columns)) == len(table.columns) > 0
    assert all(len(cells) == len(table.columns) for _, cells in table.rows)


@pytest.mark.parametrize(
    "form", [form for form in all_formats() if form.name not in ("txt", "md", "csv")], ids=lambda form: form.name
)
@pytest.mark.parametrize("suffix", ["", ".csv", ".xls", ".txt", ".pdf"])
def test_contents_decide_and_not_the_name(form: FileFormat, suffix: str) -> None:
    assert read_file(SAMPLES[form.name], f"sample{suffix}").format == form.name


@pytest.mark.parametrize("form", all_formats(), ids=lambda form: form.name)
def test_a_format_says_what_it_is_called_and_names_its_files(form: FileFormat) -> None:
    assert form.title_en
    assert form.title_zh
    assert all(suffix.startswith(".") and suffix == suffix.lower() for suffix in form.suffixes)


@pytest.mark.parametrize("form", all_formats(), ids=lambda form: form.name)
def test_a_file_cut_off_anywhere_is_read_or_refused_in_two_languages(form: FileFormat) -> None:
    whole = SAMPLES[form.name]
    refusals: list[UnreadableFile] = []
    for end in range(0, len(whole), max(1, len(whole) // 12)):
        try:
            read_file(whole[:end], f"cut{form.suffixes[0]}")
        except UnreadableFile as error:
            refusals.append(error)
    assert refusals, "an empty file at least is refused"
    assert all(error.message_en and error.message_zh for error in refusals)


@given(st.binary(max_size=300), st.sampled_from([suffix for form in all_formats() for suffix in form.suffixes]))
@settings(max_examples=60, deadline=None)
def test_any_bytes_under_any_name_are_read_or_refused(data: bytes, suffix: str) -> None:
    try:
        table = read_file(data, f"any{suffix}")
    except UnreadableFile:
        return
    for _, cells in table.rows:
        "".join(cells).encode("utf-8")


def test_every_signature_is_told_from_the_others() -> None:
    for name, data in SAMPLES.items():
        raw = RawFile(data=data, suffix="", text=None if data[:2] in (b"PK", b"\xd0\xcf") else data.decode())
        found = recognise(raw)
        assert found is not None
        if name not in ("md", "txt"):
            assert found.name == name


def test_a_zip_without_a_workbook_is_named() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("notes.txt", "hello")
    with pytest.raises(UnreadableFile, match="zip") as caught:
        read_file(file.getvalue(), "export.xlsx")
    assert caught.value.code == "archive"


def test_the_guide_names_every_format_and_every_reason() -> None:
    guide = (Path(__file__).parents[3] / "docs" / "formats.md").read_text("utf-8")
    missing = [suffix for form in all_formats() for suffix in form.suffixes if f"`{suffix}`" not in guide]
    assert missing == []
    assert [reason for reason in REJECTION_REASONS if f"| `{reason}` |" not in guide] == []
    assert [key for key in KEYS if f'"{key}"' not in guide] == []
