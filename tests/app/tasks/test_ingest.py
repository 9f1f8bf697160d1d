"""A file read into a project: once, and what the same file does when it comes again."""

from app.database import connect, write
from app.store import projects, sources
from app.tasks import ingest_file

REVIEWS = """编号,评论,评分
1,物流太慢了，等了一周,2
2,客服很耐心,5
3,无,3
""".encode()


def test_the_same_file_again_counts_all_of_it_as_unchanged() -> None:
    db = projects.prepare_project(connect(":memory:"))
    with write(db):
        projects.put_setting(db, "salt", "s")
    first = ingest_file(db, REVIEWS, "reviews.csv")
    assert (first.repeated, first.counts["created"]) == (False, 2)
    for mapping in (None, {"text": ["评论"]}, {"score": "评分"}):
        again = ingest_file(db, REVIEWS, "reviews.csv", mapping=mapping)
        assert again.repeated, mapping
        assert [again.counts[name] for name in ("created", "updated", "unchanged", "set_aside")] == [0, 0, 2, 1]
    other = ingest_file(db, REVIEWS, "reviews.csv", mapping={"score": None})
    assert (other.repeated, other.counts["updated"]) == (False, 2)


NAMED = (
    "姓名,评论,评分\n".encode()
    + "\n".join(f"客{n},第{n}单等了一周才到，太慢了,2" for n in range(30)).encode()
    + "\n客,无,3\n".encode()
)


def test_the_same_file_with_corrected_columns_is_not_said_twice() -> None:
    db = projects.prepare_project(connect(":memory:"))
    with write(db):
        projects.put_setting(db, "salt", "s")
    first = ingest_file(db, NAMED, "reviews.csv", mapping={"customer_name": "姓名"})
    second = ingest_file(db, NAMED, "reviews.csv", mapping={"customer_name": None, "attributes": []})
    assert not second.repeated
    (source,) = sources.views(db)
    assert (source.id, source.verbatims, source.set_aside) == (first.source, 30, 1)
    assert db.conn.execute("SELECT count(*) FROM verbatim_words").fetchone()[0] == 30


def test_a_later_export_of_the_same_columns_still_adds() -> None:
    db = projects.prepare_project(connect(":memory:"))
    with write(db):
        projects.put_setting(db, "salt", "s")
    ingest_file(db, REVIEWS, "reviews.csv")
    ingest_file(db, REVIEWS + "4,包装压坏了，很失望,1\n".encode(), "reviews.csv")
    ingest_file(db, REVIEWS, "reviews.csv", mapping={"score": None})
    (source,) = sources.views(db)
    assert source.verbatims == 3
