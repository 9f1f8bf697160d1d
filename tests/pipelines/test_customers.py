from pipelines.customers import CUSTOMER_REJECTIONS, CustomersRead, customers_from
from pipelines.link import index_customers


def read(*rows: dict[str, str], **columns: str | None) -> CustomersRead:
    named = {"customer_id": "id", "email": "email", "phone": "phone", "name": "name"} | columns
    return customers_from(enumerate(rows, start=2), **named, salt="salt")


def test_contacts_are_stored_only_as_hashes() -> None:
    result = read({"id": "1", "email": "lin@example.com", "phone": "13800138000", "name": "林夏", "city": "杭州"})
    (customer,) = result.customers
    assert customer.name == "林夏"
    assert customer.attributes == {"city": "杭州"}
    assert "lin@example.com" not in repr(result)
    assert "13800138000" not in repr(result)
    assert customer.email_hash
    assert customer.phone_hash


def test_columns_are_typed_as_a_whole() -> None:
    result = read(
        {"id": "1", "orders": "3", "first": "2026/4/1", "vip": "是", "spent": "12.5", "code": "7"},
        {"id": "2", "orders": "", "first": "2026-05-02", "vip": "否", "spent": "3", "code": "x"},
    )
    assert result.types == {"orders": "int", "first": "date", "vip": "bool", "spent": "float", "code": "text"}
    assert result.customers[0].attributes["code"] == "7"
    assert result.customers[1].attributes == {
        "orders": None,
        "first": "2026-05-02",
        "vip": False,
        "spent": 3.0,
        "code": "x",
    }


def test_rows_of_one_customer_are_merged_and_the_conflict_is_noted() -> None:
    result = read(
        {"id": "12.0", "plan": "monthly", "city": "上海"},
        {"id": " 12 ", "plan": "yearly", "city": ""},
    )
    (customer,) = result.customers
    assert customer.external_id == "12"
    assert customer.attributes == {"plan": "yearly", "city": "上海"}
    (note,) = result.notes
    assert (note.code, note.row, note.column, note.kept, note.dropped) == ("conflict", 3, "plan", "yearly", "monthly")


def test_a_changed_email_is_noted_without_showing_it() -> None:
    result = read({"id": "1", "email": "old@example.com"}, {"id": "1", "email": "new@example.com"})
    (note,) = result.notes
    assert (note.column, note.kept, note.dropped) == ("email", "", "")


def test_rows_that_name_nobody_are_rejected_with_their_number() -> None:
    result = read({"id": "", "name": "小林", "city": "x"}, {"id": "1.00008E+11"}, {"id": "1"})
    assert [(r.row, r.reason) for r in result.rejected] == [(2, "no_customer_identity"), (3, "customer_id_rounded")]
    assert len(result.customers) == 1
    assert {rejected.reason for rejected in result.rejected} == set(CUSTOMER_REJECTIONS)


def test_a_further_contact_column_is_left_out_and_said() -> None:
    result = read({"id": "1", "紧急联系": "13800138000"}, {"id": "2", "紧急联系": "13800138001"})
    assert [(note.code, note.column) for note in result.notes] == [("contact_left_out", "紧急联系")]
    assert result.customers[0].attributes == {}


def test_a_shared_phone_is_noted_and_not_used_for_links() -> None:
    result = read({"id": "1", "phone": "13800138000"}, {"id": "2", "phone": "13800138000"})
    assert [note.code for note in result.notes] == ["shared_contact", "shared_contact"]
    assert index_customers(result.customers).by_phone == {}


def test_a_file_may_lack_any_of_the_columns() -> None:
    result = read({"email": "lin@example.com"}, customer_id=None, phone=None, name=None)
    assert len(result.customers) == 1
    assert read({"x": "1"}, customer_id=None, email=None, phone=None, name=None).customers == ()


def test_ids_do_not_depend_on_the_rows_around_them() -> None:
    alone = read({"id": "7"}).customers[0].id
    among = read({"id": "1"}, {"id": "7", "email": "lin@example.com"}).customers[1].id
    assert alone == among
