"""Every number that shapes an analysis, each beside its reason, in one record that is stored with the run."""

import json
from dataclasses import asdict, dataclass, fields, replace
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysisSettings:
    """What an analysis may be asked to do differently; the defaults are what was measured to work (docs/themes.md)."""

    seed: int = 20240229
    """Start of every random step; any number does, and the same number gives the same themes."""

    neighbours: int = 16
    """Nearest units each unit is tied to, at most …"""

    neighbours_root: float = 0.42
    """… namely this times the square root of their number. More neighbours hold stiller when texts come or go, but
    classes of a dozen texts melt into others. At .2 of 500 texts themes agree to 81 % when a tenth is left out, at .42
    to 85 %, at equal agreement with people's classes; at .5 to 86.5 %, and 77 kinds of questions are half lost."""

    fewest_neighbours: int = 5
    """… and at least, where there are 15 units or more: below, the graph falls to pieces."""

    least_other_language: int = 15
    """Fewer distinct units than this in a language are too few to look for neighbours among."""

    other_language_nearness: float = 0.4
    """A neighbour in the other language counts from this share of the cosine of the furthest neighbour in one's own. Of
    laptop opinions in two languages with one set of classes themes agree with these to .68 (adjusted mutual
    information) at .6 and .70 at .4, and as little of two unlike subjects is mixed (4 %); at .2 more is."""

    lexical_weight: float = 0.3
    """Weight of edges between units that share words, beside 1 for meaning: from .1 to .4 could not be told apart; at
    .7 long texts are grouped by the words that happen to be in them."""

    lexical_min_units: int = 2
    """A word said in one unit only ties nothing together."""

    lexical_max_share: float = 0.2
    """A word said in more than a fifth of the units ties everything together."""

    core_share: float = 0.5
    """The denser half of a theme is its heart: exemplars and the theme's id come from it."""

    consensus_floor: float = 0.05
    """Weight left to an edge that no run kept inside a theme, so that the graph stays in one piece."""

    resolutions: tuple[float, ...] = (1.0, 1.0, 2.0, 2.0, 4.0, 4.0, 8.0, 8.0)
    """Grains of the one-pass partitions that vote on each edge, coarse to fine; what they disagree on is chance."""

    finest: float = 16.0
    """Grain of the communities that themes are merged from. At 8, 151 kinds of questions of a dozen each end in 66
    themes, for two or three are in one community from the start; at 16 in 79; at 24 in 88, and reviews hold less
    still."""

    merge_nearness: float = 0.55
    """Two communities are one theme where 55 % of the smaller one's edge weight lead to the other and the two are
    otherwise unlike; 20 % are enough where they are half alike, 7 % where they could not be told apart. Higher suits
    many classes, lower few: at .5 and .6 quality and stillness are the same, but at .5 some fifteen kinds of banking
    questions run into one. It goes with the number of neighbours: the more of them, the busier every border."""

    merge_together: float = 1.4
    """So many times less near may two communities be that lie in one community of the finest resolution above. Without
    this all borders of so fine a grain are chance (themes agree to 85 % where a tenth is left out, with it to 86); at
    1.6 the kinds of questions run together again."""

    merge_likeness: float = 2.0
    """How much likeness makes up for a quiet border: 2 and 3 could not be told apart, at 1 sets of remarks that shade
    into each other fall to pieces."""

    settling_rounds: int = 2
    """Times each unit may go to the theme that most of its neighbours are in; more changed nothing."""

    settling_loyalty: float = 1.25
    """… where they pull this much harder than the neighbours in its own."""

    sample_size: int = 5_000
    """Distinct units the structure is found on; beyond it the rest joins by a vote of neighbours, at equal quality.

    On seven sets of 6,000 to 24,000 texts AMI and ARI were the same within .01 from 4,000 to 8,000, in half the time.
    """

    vote_neighbours: int = 15
    """Voters for a unit outside the sample; about the number of the graph's."""

    min_theme_units: int = 5
    """Fewer units than this are an anecdote, not a theme (a set of up to `small_units` asks for 3)."""

    min_theme_root: float = 0.2
    """… nor are fewer than a fifth of the square root of their number: 6 of 1,000, 20 of 10,000, 200 of a million. A
    report of hundreds of themes is not read; what is dissolved joins the theme its neighbours are in. At .25 there are
    a tenth fewer, which agree to 86 and not 87 % where a tenth is left out, for a theme that falls just below the line
    is scattered over others; at .15 they agree a little better, and fewer of them keep their id when texts come."""

    outlier_share: float = 0.08
    """Only the outermost units by hdbscan's outlier score (GLOSH), and of those only the ones …"""

    outlier_nearness: float = 0.5
    """… whose fifth neighbour is at less than this share of the usual cosine are unthemed …"""

    outlier_similarity: float = 0.35
    """… and at less than this cosine (after centring). With 8 % of foreign texts mixed into twelve sets, the three
    together find 33 % of them at the price of 2 % of the others. At .6 it is 48 % for 4 %, but of what is lost then,
    more than half had been placed rightly (docs/themes.md)."""

    small_similarity: float = 0.6
    """In a small set: cosine to its theme's centre below which a unit whose neighbours are far is unthemed. Strangers
    lie at .4 to .5 there, members at .6 and more."""

    small_centred: bool = True
    """Take off the mean in a small set too: adjusted mutual information of 40 texts is .67 with and .57 without it.
    Among units that wait for a theme the mean may be the new theme itself: `emerging` leaves it."""

    min_similarity: float = 0.1
    """Cosine to the theme's centre (after centring) below which a unit is there by accident of the graph."""

    assign_similarity: float = 0.3
    """Cosine to a theme's centroid below which a new unit is left unthemed until the next full run, where nothing is
    known of the theme's own units …"""

    assign_share: float = 0.05
    """… else the one that this share of its units lie below. On six labelled sets with whole classes held back it
    leaves most of these waiting, of .02 to .25 and five other rules, where no set may lose more than 4 points of the
    known units that are placed rightly (docs/themes.md)."""

    assign_prior: int = 10
    """So many units at the usual cosine are counted to a theme's own: the twentieth part of a dozen is no number."""

    assign_least: float = 0.25
    """What is further away belongs to no theme, however broad."""

    assign_most: float = 0.6
    """What is nearer belongs to a theme, however narrow: its units may be copies with one word changed."""

    defined_cluster: float = 0.6
    """Cosine of a cluster's centre to a defined theme from which the cluster is that theme: over eight labelled sets
    with all, half or a quarter of the classes defined, .55 to .65 could not be told apart (docs/codebook.md)."""

    defined_phrase: float = 0.7
    """… or to a single one of its names and examples: a broad theme ("app") has clusters that are one example each
    ("crashes"). From .65 to .8 precision stays; below, it falls."""

    defined_alone: float = 0.5
    """Cosine from which a single unit goes to a defined theme, whatever its cluster: at .45 it takes more of what is
    defined and more of what is not."""

    defined_within: float = 0.25
    """… and in a cluster that is a defined theme; below, a unit is there by accident."""

    emerging_fresh: int = 3
    """Different new texts that an emerging theme needs: fewer are an anecdote."""

    emerging_cohesion: float = 0.5
    """Mean cosine of an emerging theme's units to their centre: below, all they share is that they fit nowhere."""

    small_units: int = 200
    """Up to here a set is small: fewer neighbours, smaller themes."""

    tentative_units: int = 15
    """A share counted on fewer units has a 95 % interval wider than ±25 points: nothing to rest a decision on."""

    parent_themes: int = 8
    """With fewer themes a list reads well without parent themes."""

    parent_likeness: float = 0.22
    """Mean cosine (after centring) between the themes of one parent: below, no word names them all."""

    keywords: int = 10
    """Keywords kept per theme."""

    exemplars: int = 5
    """Exemplar units kept per theme, at most."""

    def __post_init__(self) -> None:
        for name in ("neighbours", "sample_size", "vote_neighbours", "keywords", "exemplars"):
            if getattr(self, name) < 1:
                raise ValueError(f"the setting {name} is {getattr(self, name)}; it must be at least 1")
        if not self.resolutions:
            raise ValueError("the setting resolutions is empty; give at least one number, such as 1.0")

    def to_json(self) -> dict[str, Any]:
        """Return the settings as plain values, as they are stored with a run."""
        return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}

    @classmethod
    def from_json(cls, values: dict[str, Any] | str) -> "AnalysisSettings":
        """Return the settings that `to_json` wrote; what is missing takes its default.

        Raises ValueError for a name that is no setting, listing the known ones.
        """
        given: dict[str, Any] = json.loads(values) if isinstance(values, str) else dict(values)
        known = {field.name for field in fields(cls)}
        unknown = sorted(set(given) - known)
        if unknown:
            raise ValueError(f"no setting is called {', '.join(unknown)}; known settings: {', '.join(sorted(known))}")
        values_by_name: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in given.items()
        }
        return replace(cls(), **values_by_name)
