"""Codebook files: csv and REFI-QDA, round trips without loss, bad rows listed, hostile XML refused."""

import contextlib
import io
import zipfile
from bisect import bisect_left
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.codebook_entries import MOST_ENTRIES, digest, make_entry, merged, sound, split_name, tidy_line
from pipelines.codebook_files import LARGEST_MB, read_codebook, too_full
from pipelines.codebook_qdc import EXAMPLES, NAMESPACE, write_qdc
from pipelines.codebook_tables import COLUMNS, split_examples, write_cells
from pipelines.records import Codebook, CodebookEntry
from pipelines.unreadable import UnreadableFile

# A codebook as ATLAS.ti writes it: another version of the namespace, sets, braces, a colour with transparency.
FOREIGN = """<?xml version="1.0" encoding="utf-8"?>
<CodeBook xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" origin="ATLAS.ti Win 23"
 xsi:schemaLocation="urn:QDA-XML:codebook:0:4 Codebook.xsd" xmlns="urn:QDA-XML:codebook:0:4">
  <Codes>
    <Code guid="{1ff58b12-6f6f-4b0c-8be5-bbdc91f55294}" name="服务" isCodable="false" color="#46aa00">
      <Description>关于服务的一切
第二行 &lt;tag&gt; &amp; more</Description>
      <Code guid="2D969AF8-C875-4FAE-BCD8-F0162BC27396" name="Staff &quot;attitude&quot;" isCodable="true" color="red"/>
      <Code name="no guid" isCodable="true"/>
    </Code>
    <Code guid="7A969AF8-C875-4FAE-BCD8-F0162BC27396" name="  " isCodable="true"/>
    <Code guid="2D969AF8-C875-4FAE-BCD8-F0162BC27396" name="twice" isCodable="true"/>
  </Codes>
  <Sets><Set guid="ECA18D76-2B8B-4F26-BC1D-19ECA19FB3F0" name="group one">
    <Description>a set</Description><MemberCode guid="2D969AF8-C875-4FAE-BCD8-F0162BC27396"/></Set></Sets>
</CodeBook>
"""

phrases = st.text(min_size=1, max_size=40).map(tidy_line)
ours = st.sampled_from(
    [
        "",
        EXAMPLES,
        f"之前\n\n{EXAMPLES}\n- 一条",
        "中文名 Chinese name: 甲\n英文名 English name: b\n" + EXAMPLES,
        "'=1+1",
        "-5",
    ]
)


@st.composite
def codebooks(draw: st.DrawFn) -> Codebook:
    entries: list[CodebookEntry] = []
    for number in range(draw(st.integers(1, 6))):
        name = draw(phrases.filter(bool))
        entry = make_entry(
            name_zh=draw(st.sampled_from([name, "", "物流 / Delivery", "App"])),
            name_en=name,
            description=draw(st.one_of(st.text(max_size=80), ours)),
            examples=draw(
                st.lists(
                    st.one_of(phrases, st.sampled_from(["a|b", "反斜杠\\|", "\\", "｜", "- x", EXAMPLES])), max_size=5
                )
            ),
            guid=f"00000000-0000-4000-8000-{number:012d}",
            parent=draw(st.sampled_from([None, *(one.guid for one in entries)])),
            color=draw(st.sampled_from([None, "#00ff7F"])),
            codable=draw(st.booleans()),
        )
        entries.append(entry)
    return sound(entries)


def as_csv(codebook: Codebook) -> bytes:
    import csv

    out = io.StringIO(newline="")
    csv.writer(out).writerows([COLUMNS, *write_cells(codebook)])
    return out.getvalue().encode("utf-8")


@given(codebooks())
@settings(max_examples=60, deadline=None)
def test_export_import_export_of_qdc_is_identical_and_loses_nothing(codebook: Codebook) -> None:
    written = write_qdc(codebook, origin="test")
    read = read_codebook(written, "x.qdc")
    assert read.entries == codebook
    assert not read.rejected
    assert write_qdc(read.entries, origin="test") == written


@given(codebooks())
@settings(max_examples=60, deadline=None)
def test_csv_loses_nothing(codebook: Codebook) -> None:
    names = [entry.name.casefold() for entry in codebook]
    either = [name.casefold() for entry in codebook for name in {entry.name_zh, entry.name_en, entry.name} if name]
    if len(set(names)) < len(names) or len(set(either)) < len(either):
        return  # parents are told by name: where names repeat, .qdc is the format that keeps them apart
    read = read_codebook(as_csv(codebook), "x.csv")
    defused = tuple(read.entries)
    assert [one.guid for one in defused] == [one.guid for one in codebook]
    for before, after in zip(codebook, defused, strict=True):
        assert after.parent == before.parent
        assert after.examples == before.examples
        assert (after.name_en, after.codable, after.color) == (before.name_en, before.codable, before.color)


@given(st.lists(st.text(alphabet="a|\\｜ 你\n", max_size=8)))
@settings(max_examples=60, deadline=None)
def test_examples_are_split_as_they_were_joined(examples: list[str]) -> None:
    tidy = make_entry(name_zh="甲", examples=examples)
    cell = write_cells((tidy,))[0][COLUMNS.index("examples")]
    assert split_examples(cell) == tidy.examples


@given(st.binary(max_size=400))
@settings(max_examples=60, deadline=None)
def test_any_bytes_are_read_or_refused_in_words(data: bytes) -> None:
    with contextlib.suppress(UnreadableFile):
        assert read_codebook(data, "x").entries


def test_a_codebook_of_another_program_is_read() -> None:
    found = read_codebook(FOREIGN.encode("utf-8"), "atlas.qdc")
    assert [(entry.name, entry.codable, entry.color) for entry in found.entries] == [
        ("服务", False, "#46AA00"),
        ('Staff "attitude"', True, None),
        ("no guid", True, None),
    ]
    service, staff, other = found.entries
    assert service.guid == "1FF58B12-6F6F-4B0C-8BE5-BBDC91F55294"
    assert service.description == "关于服务的一切\n第二行 <tag> & more"
    assert staff.parent == other.parent == service.guid
    assert [(bad.row, bad.reason) for bad in found.rejected] == [(11, "no_name"), (12, "guid_repeated")]
    assert ("set_left_out", "group one") in found.notes
    assert read_codebook(FOREIGN.encode("utf-8"), "atlas.qdc").entries == found.entries, (
        "made GUIDs are always the same"
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_xml_in_any_unicode(encoding: str) -> None:
    text = FOREIGN.replace('encoding="utf-8"', f'encoding="{encoding.removesuffix("-sig")}"')
    assert len(read_codebook(text.encode(encoding), "x.qdc").entries) == 3


def test_entries_however_deep_are_written_parents_around_children() -> None:
    entries = [make_entry(name_en="theme 0")]
    for number in range(1, 1_500):
        entries.append(make_entry(name_en=f"theme {number}", parent=entries[-1].guid))
    lines = write_qdc(sound(entries), origin="test").decode().splitlines()
    assert lines[-2].strip() == "</Codes>"
    assert [line.strip() for line in lines].count("</Code>") == 1_499, "the innermost one is empty"


@pytest.mark.parametrize("form", ["qdc", "csv"])
def test_entries_however_deep_come_back(form: str) -> None:
    entries = [make_entry(name_en="theme 0")]
    while len(entries) < MOST_ENTRIES:
        entries.append(make_entry(name_en=f"theme {len(entries)}", examples=["one"], parent=entries[-1].guid))
    assert too_full(entries) is None
    written = write_qdc(entries, origin="test") if form == "qdc" else as_csv(tuple(entries))
    assert read_codebook(written, f"x.{form}").entries == tuple(entries)


def test_a_codebook_that_could_not_come_back_is_too_full() -> None:
    many = [make_entry(name_en=f"theme {number}") for number in range(MOST_ENTRIES + 1)]
    assert too_full(many[1:]) is None
    assert too_full(many) == {"entries": MOST_ENTRIES + 1, "most": MOST_ENTRIES}


@pytest.mark.parametrize("letter", ["一", '"', "&"])
def test_the_largest_codebook_that_fits_comes_back(letter: str) -> None:
    # Quotes are doubled in a table and stand as they are in XML; "&" is one letter in a table and five in XML.
    long = [
        make_entry(name_en=f"theme {number}", examples=[f"{letter * 490}{at}" for at in range(100)])
        for number in range(60)
    ]
    count = bisect_left(range(60), True, key=lambda count: too_full(long[: count + 1]) is not None)
    assert 0 < count < 60
    kept = long[:count]
    assert read_codebook(write_qdc(kept, origin="Xinsheng"), "x.qdc").entries == tuple(kept)
    assert read_codebook(as_csv(tuple(kept)), "x.csv").entries == tuple(kept)


def test_the_written_file_follows_the_schema() -> None:
    from xml.etree import ElementTree

    parent = make_entry(name_zh="售后", codable=False)
    child = make_entry(name_zh="退款", name_en="Refunds", examples=["退款太慢"], parent=parent.guid, color="#abcdef")
    root = ElementTree.fromstring(write_qdc((parent, child), origin="Xinsheng"))
    space = f"{{{NAMESPACE}}}"
    assert root.tag == f"{space}CodeBook"
    assert root.get("origin") == "Xinsheng"
    codes = list(root)
    assert [one.tag for one in codes] == [f"{space}Codes"]
    top = codes[0][0]
    assert dict(top.attrib) == {"guid": parent.guid, "name": "售后", "isCodable": "false"}
    assert dict(top[0].attrib) == {
        "guid": child.guid, "name": "退款 / Refunds", "isCodable": "true", "color": "#ABCDEF"
    }  # fmt: skip
    assert [one.tag for one in top[0]] == [f"{space}Description"]
    assert top[0][0].text == f"{EXAMPLES}\n- 退款太慢"


LAUGHS = "".join(
    f'<!ENTITY {name} "{f"&{below};" * 10}">' for below, name in pairwise([f"lol{number}" for number in range(10)])
)


@pytest.mark.parametrize(
    "declaration",
    [
        '<!DOCTYPE CodeBook [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE CodeBook SYSTEM "http://127.0.0.1:9/evil.dtd">',
        f'<!DOCTYPE CodeBook [<!ENTITY lol0 "lol">{LAUGHS}<!ENTITY x "&lol9;">]>',
        '<!DOCTYPE CodeBook [<!ENTITY % p SYSTEM "file:///etc/hostname"> %p;]>',
        "<!DOCTYPE CodeBook>",
    ],
)
def test_declarations_are_refused_before_they_are_followed(declaration: str) -> None:
    code = '<Code guid="g" name="n"><Description>&x;</Description></Code>'
    text = f'<?xml version="1.0"?>{declaration}<CodeBook xmlns="{NAMESPACE}"><Codes>{code}</Codes></CodeBook>'
    with pytest.raises(UnreadableFile) as refused:
        read_codebook(text.encode(), "evil.qdc")
    assert refused.value.code == "xml_declarations"


def test_what_is_too_large_too_deep_or_something_else_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="5 MB"):
        read_codebook(b"<" * (LARGEST_MB * 2**20 + 1), "large.qdc")
    deep = "<Memo>" * 2_100 + "</Memo>" * 2_100
    for text, code in (
        (f"<CodeBook><Codes>{deep}</Codes></CodeBook>", "xml_broken"),
        ("<CodeBook><Codes>" + "<Code name='n'/>" * 2_001 + "</Codes></CodeBook>", "xml_broken"),
        ("<html><body><Code name='x'/></body></html>", "no_codes"),
        ("<CodeBook xmlns='urn:something:else'><Codes><Code name='x'/></Codes></CodeBook>", "no_codes"),
        ("<CodeBook><Codes/></CodeBook>", "no_codes"),
        ("<CodeBook><Codes>", "xml_broken"),
        ("", "empty"),
        ("name\n", "no_themes"),
        ("评论,评分\n很好,5\n", "no_theme_names"),
    ):
        with pytest.raises(UnreadableFile) as refused:
            read_codebook(text.encode(), "x")
        assert refused.value.code == code, text[:60]


def test_a_workbook_that_swells_is_refused() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 80_000_000)
    with pytest.raises(UnreadableFile):
        read_codebook(packed.getvalue(), "bomb.xlsx")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_a_table_in_chinese(encoding: str, delimiter: str) -> None:
    rows = [
        ["中文名", "英文名", "上级主题", "例句"],
        ["物流", "Delivery", "", "到得太慢|物流很快"],
        ["客服", "", "物流", "客服很好"],
    ]
    text = "\r\n".join(delimiter.join(row) for row in rows)
    found = read_codebook(text.encode(encoding), "codebook.csv")
    assert [(entry.name, entry.examples) for entry in found.entries] == [
        ("物流 / Delivery", ("到得太慢", "物流很快")), ("客服", ("客服很好",))
    ]  # fmt: skip
    assert found.entries[1].parent == found.entries[0].guid


def test_bad_rows_are_listed_and_the_others_are_taken() -> None:
    text = "Theme,Parent,Examples\nDelivery,,late\n,,no name here\ndelivery,,again\nStaff,Shop,rude\nStaff,Phone,rude\n"
    found = read_codebook(text.encode(), "codebook.csv")
    assert [(bad.row, bad.reason) for bad in found.rejected] == [(3, "no_name"), (4, "theme_repeated")]
    assert [entry.name for entry in found.entries] == ["Delivery", "Shop", "Staff", "Phone", "Staff"]
    assert sorted(found.notes) == [("heading_made", "Phone"), ("heading_made", "Shop")]
    assert len({entry.guid for entry in found.entries}) == 5


def test_a_bare_list_of_names_is_a_codebook() -> None:
    found = read_codebook("物流\nDelivery speed\n客服 / Support\n".encode(), "names.txt")
    assert [(entry.name_zh, entry.name_en) for entry in found.entries] == [
        ("物流", ""), ("", "Delivery speed"), ("客服", "Support")
    ]  # fmt: skip


def test_cells_that_a_spreadsheet_had_to_defuse_come_back() -> None:
    text = "name,description,examples\nPrice,'=cheap?,'-10% again\n"
    entry = read_codebook(text.encode(), "x.csv").entries[0]
    assert (entry.description, entry.examples) == ("=cheap?", ("-10% again",))


@given(phrases.filter(bool), phrases.filter(bool))
@settings(max_examples=60, deadline=None)
def test_split_names_give_back_one_or_both(one: str, two: str) -> None:
    zh, en = split_name(f"{one} / {two}")
    assert zh or en
    assert {zh, en} <= {"", one, two, f"{one} / {two}", tidy_line(one), tidy_line(two), tidy_line(f"{one} / {two}"),
                        zh.strip(), en.strip()}  # fmt: skip


def test_trees_are_sound_whatever_the_parents() -> None:
    one, two, three = (make_entry(name_en=name) for name in ("one", "two", "three"))
    from dataclasses import replace

    around = (replace(one, parent=two.guid), replace(two, parent=one.guid), replace(three, parent="nowhere"))
    made = sound(around)
    assert len(made) == 3
    seen: set[str] = set()
    for entry in made:
        assert entry.parent is None or entry.parent in seen
        seen.add(entry.guid)
    assert {entry.name for entry in made if entry.parent is None} == {"one", "three"} or len(seen) == 3


def test_merging_keeps_guids_themes_and_order() -> None:
    from dataclasses import replace

    known = (
        replace(make_entry(name_zh="物流", name_en="Delivery"), theme_id="t_found"),
        make_entry(name_en="Price", guid="11111111-1111-4111-8111-111111111111"),
    )
    new = (
        make_entry(name_en="Costs", guid="11111111-1111-4111-8111-111111111111"),
        make_entry(name_zh="物流", name_en="Delivery", guid="22222222-2222-4222-8222-222222222222", examples=["慢"]),
        make_entry(name_en="Speed", parent="22222222-2222-4222-8222-222222222222"),
    )
    after = merged(known, new)
    assert [entry.name for entry in after] == ["物流 / Delivery", "Speed", "Costs"]
    assert (after[0].guid, after[0].theme_id, after[0].examples) == (known[0].guid, "t_found", ("慢",))
    assert after[1].parent == known[0].guid
    assert merged(after, new) == after, "the same file again changes nothing"
    assert digest(after) == digest(tuple(reversed(after))) != digest(known)
    assert digest(()) == ""
