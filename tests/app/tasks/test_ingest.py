"""A file read into a project: once, and what the same file does when it comes again."""

from app.database import connect, write
from app.store import projects
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
