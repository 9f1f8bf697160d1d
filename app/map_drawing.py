"""The map of themes as SVG: discs that are links, names where there is room, colours by class, no script.

One drawing serves the page, the report and paper: what it looks like is in their style sheets.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from app.locale import UiLanguage, say
from app.store.views import ThemeView
from app.theme_map import Disc, Family, ThemeMap

LEANING = 0.2
"""Positive less negative share from which a disc is coloured: with less a theme is spoken of both ways."""
REACH = 12.0
"""Least radius that answers a finger or a pointer: 24 pixels across (WCAG 2.2, 2.5.8)."""
LONGEST = 15.0
"""Longest name on the map in letters' widths; the list below has it whole."""
MARGIN = 14.0
ROOM = 1.75
"""Part of a disc's radius that a line of a name may be wide."""
ROOM_OF_LINES = 1.55
"""The same where there are several lines: a disc is narrower away from its middle."""
MOST_LINES = 3
FEWEST_BEGUN = 2.2
"""Shortest first word that says something by itself, in letters' widths: four Latin letters."""
FEWEST_CUT = 3.0
"""The same for a word cut short: six Latin letters, three Chinese."""
SMALLEST = 0.8
"""How far letters shrink to fit into their disc."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The paper: its width and greatest height, letters' size, and whether the map is laid on its side to fit."""

    width: float
    tallest: float
    letters: float
    upright: bool = False


WIDE = Sheet(width=1100, tallest=760, letters=13)
SHEET = Sheet(width=900, tallest=640, letters=13)
NARROW = Sheet(width=390, tallest=620, letters=11.5, upright=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle that is taken: by a name, or by a disc."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Box") -> bool:
        """Say whether two rectangles overlap."""
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A disc or a parent on the sheet."""

    theme: ThemeView
    x: float
    y: float
    radius: float


def draw(
    found: ThemeMap, *, sheet: Sheet, language: UiLanguage, href: Callable[[ThemeView], str], title: str
) -> Markup:
    """Return the map as one SVG that fills the width it is given; empty where no theme has units."""
    if not found.discs:
        return Markup("")
    spots, height, place = _laid(found.discs, sheet)
    parents = [
        Spot(theme=family.theme, x=x, y=y, radius=0)
        for family in found.families
        for x, y in (place(family.x, family.y),)
    ]
    names = _names(spots, parents, sheet=sheet, height=height, language=language)
    return Markup('<svg class="map" viewBox="0 0 {:.0f} {:.0f}" role="group" aria-label="{}">{}{}{}</svg>').format(
        sheet.width,
        height,
        title,
        Markup("").join(_lines(family, parent, spots) for family, parent in zip(found.families, parents, strict=True)),
        Markup("").join(_disc(spot, language=language, href=href) for spot in spots),
        names,
    )


def mood_of(theme: ThemeView) -> str:
    """Return how a theme is spoken of as a whole: negative, positive, or neutral where neither outweighs the other."""
    net = _net(theme)
    return "positive" if net >= LEANING else "negative" if net <= -LEANING else "neutral"


def _net(theme: ThemeView) -> float:
    return (theme.sentiment.positive - theme.sentiment.negative) / max(theme.units, 1)


def _laid(
    discs: Sequence[Disc], sheet: Sheet
) -> tuple[list[Spot], float, Callable[[float, float], tuple[float, float]]]:
    """Return the discs on the sheet, its height, and how a point of the map comes to lie on it."""
    turned = sheet.upright and _extent(discs, axis="x") > _extent(discs, axis="y")

    def axes(x: float, y: float) -> tuple[float, float]:
        # Laid on its side, not squeezed: who stands beside whom is what the map is for.
        return (-y, x) if turned else (x, y)

    ends = [(*axes(disc.x, disc.y), disc.radius) for disc in discs]
    left, right = min(x - r for x, _, r in ends), max(x + r for x, _, r in ends)
    top, bottom = min(y - r for _, y, r in ends), max(y + r for _, y, r in ends)
    room = sheet.letters * 2
    scale = min(
        (sheet.width - 2 * MARGIN - 2 * room) / max(right - left, 1e-9),
        (sheet.tallest - 2 * MARGIN - room) / max(bottom - top, 1e-9),
        # One or two themes are no reason for a disc as large as the page.
        sheet.width / 9 / max(max(r for _, _, r in ends), 1e-9),
    )
    height = scale * (bottom - top) + 2 * MARGIN + room
    middle = sheet.width / 2 - scale * (left + right) / 2

    def place(x: float, y: float) -> tuple[float, float]:
        across, down = axes(x, y)
        return middle + scale * across, MARGIN + room / 2 + scale * (down - top)

    spots = [
        Spot(theme=disc.theme, x=at[0], y=at[1], radius=scale * disc.radius)
        for disc in discs
        for at in (place(disc.x, disc.y),)
    ]
    return spots, height, place


def _extent(discs: Sequence[Disc], *, axis: str) -> float:
    places = [getattr(disc, axis) for disc in discs]
    return float(max(places) - min(places))


def _disc(spot: Spot, *, language: UiLanguage, href: Callable[[ThemeView], str]) -> Markup:
    theme = spot.theme
    told = say(
        language,
        "map.disc",
        {
            "name": _name(theme, language),
            "units": f"{theme.units:,}",
            "negative": f"{theme.sentiment.negative / theme.units:.0%}",
            "positive": f"{theme.sentiment.positive / theme.units:.0%}",
        },
    )
    return Markup(
        '<a class="disc disc-{}" href="{}" aria-label="{}"><title>{}</title>'
        '<circle class="disc-reach" cx="{:.1f}" cy="{:.1f}" r="{:.1f}"/>'
        '<circle class="disc-area" cx="{:.1f}" cy="{:.1f}" r="{:.1f}" fill-opacity="{:.2f}"/></a>'
    ).format(
        mood_of(theme), href(theme), told, told, spot.x, spot.y, max(spot.radius, REACH), spot.x, spot.y, spot.radius,
        0.25 + 0.5 * min(1.0, abs(_net(theme))),
    )  # fmt: skip


def _lines(family: Family, parent: Spot, spots: Sequence[Spot]) -> Markup:
    ends = [spots[at] for at in family.children]
    return Markup("").join(
        Markup('<line class="map-line" x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}"/>').format(
            parent.x, parent.y, end.x, end.y
        )
        for end in ends
    )


def _names(
    spots: Sequence[Spot], parents: Sequence[Spot], *, sheet: Sheet, height: float, language: UiLanguage
) -> Markup:
    """Return the names there is room for: inside discs, then those of parents, then beside the other discs by size."""
    discs = [
        Box(left=one.x - one.radius, top=one.y - one.radius, right=one.x + one.radius, bottom=one.y + one.radius)
        for one in spots
    ]
    taken: list[Box] = []
    found = []
    outside = []
    for at, spot in enumerate(spots):
        lines = _inside(_name(spot.theme, language), spot.radius, sheet.letters)
        if lines:
            found.append(_text(lines, (spot.x, spot.y), kind="map-name", letters=_fitting(lines, spot.radius, sheet)))
            taken.append(discs[at])
        else:
            outside.append(at)

    def place(text: str, tries: Sequence[tuple[float, float]], *, kind: str, but: int = -1) -> bool:
        width = _width(text, sheet.letters)
        for at in tries:
            box = _text_box(at, width, sheet)
            on_sheet = box.left >= 0 and box.right <= sheet.width and box.top >= 0 and box.bottom <= height
            others = (one for number, one in enumerate(discs) if number != but)
            if on_sheet and not any(box.meets(one) for one in (*taken, *others)):
                taken.append(box)
                found.append(_text((text,), at, kind=kind, letters=sheet.letters))
                return True
        return False

    for spot in parents:
        tries = [(spot.x, spot.y + down * sheet.letters) for down in (0.0, 1.6, -1.6, 3.2, -3.2, 4.8, -4.8)]
        place(_short(_name(spot.theme, language)), tries, kind="map-parent")
    for at in outside:
        spot, text = spots[at], _short(_name(spots[at].theme, language))
        away = spot.radius + 4 + _width(text, sheet.letters) / 2
        down = spot.radius + 0.8 * sheet.letters
        beside = [(spot.x + away, spot.y), (spot.x - away, spot.y), (spot.x, spot.y + down), (spot.x, spot.y - down)]
        # A name a little too wide for its disc may stand out of it on both sides; only others' discs must stay clear.
        aslant = [(spot.x + a * away * 0.8, spot.y + b * down * 0.8) for a in (1, -1) for b in (1, -1)]
        if not place(text, [*beside, (spot.x, spot.y), *aslant], kind="map-name", but=at):
            begun = _begun(_name(spot.theme, language), ROOM * spot.radius / (sheet.letters * SMALLEST))
            box = _text_box((spot.x, spot.y), _width(begun, sheet.letters * SMALLEST), sheet)
            if begun and not any(box.meets(one) for one in taken):
                taken.append(box)
                found.append(_text((begun,), (spot.x, spot.y), kind="map-name", letters=sheet.letters * SMALLEST))
    return Markup('<g aria-hidden="true">{}</g>').format(Markup("").join(found))


def _inside(name: str, radius: float, letters: float) -> tuple[str, ...]:
    """Return a name in up to MOST_LINES lines that fit into a disc, () where it does not."""
    if _width(name, letters * SMALLEST) < ROOM * radius and letters < radius:
        return (name,)
    lines = _wrapped(name, ROOM_OF_LINES * radius / (letters * SMALLEST))
    return lines if len(lines) <= MOST_LINES and len(lines) * letters < 1.4 * radius else ()


def _wrapped(name: str, room: float) -> tuple[str, ...]:
    """Return a name in lines no wider than `room` letters, as even as its words allow; () where a word is wider."""
    pieces = re.findall(r"[\u2e80-\uffff][，。、）]?|[^\s\-\u2e80-\uffff]*(?:-|\s+|[^\s\-\u2e80-\uffff]\s*)", name)
    whole = sum(_letter(letter) for letter in name)
    for count in range(2, MOST_LINES + 1):
        lines = [""]
        for piece in pieces:
            wide = _width(lines[-1] + piece.rstrip(), 1)
            # A line is ended where it has its even part of the name, or where the next word would not fit.
            full = _width(lines[-1], 1) >= 0.8 * whole / count and len(lines) < count
            if lines[-1] and (wide > room or full):
                lines.append("")
            lines[-1] += piece
        if len(lines) <= count and all(_width(line.strip(), 1) <= room for line in lines):
            return tuple(line.strip() for line in lines)
    return ()


def _fitting(lines: tuple[str, ...], radius: float, sheet: Sheet) -> float:
    widest = max(_width(line, sheet.letters) for line in lines)
    room = ROOM if len(lines) == 1 else ROOM_OF_LINES
    return sheet.letters * min(1.0, room * radius / widest)


def _text(lines: tuple[str, ...], at: tuple[float, float], *, kind: str, letters: float) -> Markup:
    first = at[1] + 0.35 * letters - 0.6 * letters * (len(lines) - 1)
    return Markup("").join(
        Markup('<text class="{}" x="{:.1f}" y="{:.1f}" font-size="{:.1f}">{}</text>').format(
            kind, at[0], first + 1.2 * letters * row, letters, line
        )
        for row, line in enumerate(lines)
    )


def _text_box(at: tuple[float, float], width: float, sheet: Sheet) -> Box:
    half = 0.6 * sheet.letters
    return Box(left=at[0] - width / 2, top=at[1] - half, right=at[0] + width / 2, bottom=at[1] + half)


def _name(theme: ThemeView, language: UiLanguage) -> str:
    return theme.name_zh if language == "zh" else theme.name_en


def _begun(name: str, room: float) -> str:
    """Return as much of a name as `room` letters hold, in whole words where one fits; "" where it would say nothing.

    A large disc between others has room for no more, and without a name nobody knows what the largest theme is.
    """
    if _width(name, 1) <= room:
        return name
    kept = ""
    for letter in name:
        if _width(kept + letter + "…", 1) > room:
            break
        kept += letter
    whole = (kept if not name[len(kept) :].strip() else (kept + name[len(kept)]).rpartition(" ")[0]).removesuffix(
        " and"
    )
    if _width(whole, 1) >= FEWEST_BEGUN:
        return whole.rstrip() + "…"
    return kept.rstrip() + "…" if _width(kept, 1) >= FEWEST_CUT else ""


def _short(name: str) -> str:
    kept, width = "", 0.0
    for letter in name:
        width += _letter(letter)
        if width > LONGEST:
            return kept.rstrip() + "…"
        kept += letter
    return name


def _width(text: str, letters: float) -> float:
    return letters * sum(_letter(letter) for letter in text)


def _letter(letter: str) -> float:
    """Return how wide a letter is, in letters' sizes: Chinese ones are square."""
    return 1.0 if ord(letter) >= 0x2E80 else 0.56
