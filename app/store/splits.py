"""Who speaks of a theme: its units and those of everything, by customer, touchpoint, source, language, attribute."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlite_utils import Database

from app.store.counts import CUTS, Cut
from app.store.filters import NONE, OF_THEME, UNIT_FROM, Filters, attribute_of_speaker, attribute_path, unit_where


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """One kind of speaker: its units on a theme, and all of its units; `value` is None where the kind is unknown."""

    value: str | None
    units: int
    negative: int
    of: int

    @property
    def share(self) -> float:
        """Part of what this kind of speaker said that is on the theme."""
        return self.units / self.of if self.of else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """A theme split by one thing: a cut such as the language, or an attribute of the speakers; most units first."""

    name: str
    is_attribute: bool
    values: tuple[Spoken, ...]


def splits(db: Database, filters: Filters, *, cuts: Sequence[Cut], attributes: Sequence[str] = ()) -> tuple[Split, ...]:
    """Return who speaks of `filters.theme` (its units, and units in all) by each cut and each attribute, in order.

    One pass over the units for all: they are summed by verbatim first and then by all that tells speakers apart, so
    that attributes are read once for each set of them. Kinds of speaker that say nothing of the theme are left out;
    `value` is None for those that have none.
    """
    where, parameters = unit_where(replace(filters, theme=None))
    on_theme = "u.theme_id IS NULL" if filters.theme == NONE else OF_THEME
    columns = [CUTS[cut] for cut in cuts] + [attribute_of_speaker(f"cut_{at}") for at in range(len(attributes))]
    telling = ", ".join(
        ["v.customer_id", *(["v.attributes"] if attributes else []), *(one for one in columns if one.startswith("v."))]
    )
    parts = " UNION ALL ".join(
        f"""SELECT {at}, {column} AS value, sum(v.on_theme) AS units, sum(v.negative), sum(v.units) FROM kinds v
            LEFT JOIN customers c ON c.id = v.customer_id GROUP BY 1, 2"""
        for at, column in enumerate(columns)
    )
    rows = db.conn.execute(
        f"""WITH said AS MATERIALIZED (
                SELECT u.verbatim_id AS id, sum({on_theme}) AS on_theme, count(*) AS units,
                    sum({on_theme} AND u.sentiment = 'negative') AS negative
                FROM {UNIT_FROM} WHERE {where} GROUP BY u.verbatim_id
            ), kinds AS MATERIALIZED (
                SELECT {telling}, sum(said.on_theme) AS on_theme, sum(said.negative) AS negative,
                    sum(said.units) AS units
                FROM said JOIN verbatims v ON v.id = said.id GROUP BY {telling}
            ) SELECT * FROM ({parts}) WHERE units > 0 ORDER BY 1, 3 DESC, 2""",
        {
            **parameters,
            **({"theme": filters.theme} if filters.theme not in (None, NONE) else {}),
            **{f"cut_{at}": attribute_path(name) for at, name in enumerate(attributes)},
        },
    )
    found: list[list[Spoken]] = [[] for _ in columns]
    for at, value, units, negative, of in rows:
        found[at].append(Spoken(value=None if value is None else str(value), units=units, negative=negative, of=of))
    return tuple(
        Split(name=name, is_attribute=at >= len(cuts), values=tuple(values))
        for at, (name, values) in enumerate(zip((*cuts, *attributes), found, strict=True))
    )
