"""Where themes lie on the map: two coordinates per theme, in the map's own unit."""

from collections.abc import Mapping

from sqlite_utils import Database

Place = tuple[float, float]


def known(db: Database) -> dict[str, Place]:
    """Return the place of every theme that ever had one."""
    return {row[0]: (row[1], row[2]) for row in db.conn.execute("SELECT theme_id, x, y FROM theme_places")}


def save(db: Database, places: Mapping[str, Place]) -> None:
    """Store where these themes lie; inside a write transaction."""
    db.conn.executemany(
        "INSERT OR REPLACE INTO theme_places (theme_id, x, y) VALUES (?, ?, ?)",
        ((theme_id, *place) for theme_id, place in places.items()),
    )
