"""Small drawings as SVG inside a page: lines, columns and bars that take their colours from the page's style.

Colours are classes, never values, so that one drawing serves light, dark and paper.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from app.store.views import SentimentCounts
from pipelines.control_limits import worth_drawing

LABELS = ("negative", "neutral", "positive")


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """The size of a drawing in its own units."""

    width: float
    height: float


SPARK = Box(width=240, height=44)
COLUMNS = Box(width=960, height=180)


def sparkline(counts: Sequence[int], *, high: Sequence[float] = (), title: str) -> Markup:
    """Return a line of counts over time with its control limit dashed; empty where they are too few for a course."""
    if not worth_drawing(counts):
        return Markup("")
    top = max(*counts, *high, 1)
    line = _line(counts, box=SPARK, top=top)
    last_x, last_y = line.rsplit(" ", 1)[-1].split(",")
    area = f"0,{SPARK.height} {line} {SPARK.width},{SPARK.height}"
    limit = Markup("")
    if len(high) == len(counts):
        limit = Markup('<polyline class="limit" points="{}"/>').format(_line(high, box=SPARK, top=top))
    return Markup(
        '<svg class="spark" viewBox="-4 -5 {width} {height}" preserveAspectRatio="none" role="img"'
        ' aria-label="{title}"><title>{title}</title><polygon class="area" points="{area}"/>{limit}'
        '<polyline class="line" points="{line}"/><path class="dot" d="M{x} {y}h0"/></svg>'
    ).format(
        width=SPARK.width + 8,
        height=SPARK.height + 10,
        title=title,
        area=area,
        limit=limit,
        line=line,
        x=last_x,
        y=last_y,
    )


def sentiment_bar(counts: SentimentCounts, *, share: float = 1.0, title: str) -> Markup:
    """Return one bar cut into negative, neutral and positive, as long as `share` (0 to 1) of its place."""
    if counts.total == 0:
        return Markup("")
    parts = []
    at = 0.0
    for label in LABELS:
        width = 100 * share * getattr(counts, label) / counts.total
        if width > 0:
            parts.append(Markup('<rect class="{}" x="{:.3f}" width="{:.3f}" height="10"/>').format(label, at, width))
        at += width
    return Markup(
        '<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label="{0}">'
        "<title>{0}</title>{1}</svg>"
    ).format(title, Markup("").join(parts))


def sentiment_columns(series: Sequence[tuple[str, SentimentCounts]]) -> Markup:
    """Return one column per period (label, counts), negative at the foot, each with its numbers as a title."""
    top = max((counts.total for _, counts in series), default=0)
    if top == 0:
        return Markup("")
    step = COLUMNS.width / len(series)
    gap = min(2.0, step * 0.2)
    drawn = []
    for position, (start, counts) in enumerate(series):
        at = COLUMNS.height
        rects = []
        for label in LABELS:
            height = COLUMNS.height * getattr(counts, label) / top
            at -= height
            if height > 0:
                rects.append(
                    Markup('<rect class="{}" x="{:.2f}" y="{:.2f}" width="{:.2f}" height="{:.2f}"/>').format(
                        label, position * step, at, step - gap, height
                    )
                )
        numbers = f"{start}: {counts.total} (−{counts.negative} ○{counts.neutral} +{counts.positive})"
        drawn.append(Markup("<g><title>{}</title>{}</g>").format(numbers, Markup("").join(rects)))
    return Markup(
        '<svg class="columns" viewBox="0 0 {} {}" preserveAspectRatio="none" aria-hidden="true">{}</svg>'
    ).format(COLUMNS.width, COLUMNS.height, Markup("").join(drawn))


def interval(value: float, low: float, high: float, *, reach: float, title: str) -> Markup:
    """Return a value with its 95 % interval on a line from −reach to +reach, zero in the middle."""

    def at(number: float) -> float:
        return 50 + 50 * max(-1.0, min(1.0, number / reach if reach else 0.0))

    side = "negative" if value < 0 else "positive"
    return Markup(
        '<svg class="interval" viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label="{title}">'
        '<title>{title}</title><line class="zero" x1="50" x2="50" y1="0" y2="10"/>'
        '<line class="range" x1="{low:.2f}" x2="{high:.2f}" y1="5" y2="5"/>'
        '<rect class="{side}" x="{x:.2f}" y="2.4" width="{width:.2f}" height="5.2"/></svg>'
    ).format(
        title=title, low=at(low), high=at(high), side=side, x=min(50.0, at(value)), width=max(0.6, abs(at(value) - 50))
    )


def _line(values: Sequence[float], *, box: Box, top: float) -> str:
    step = box.width / (len(values) - 1)
    return " ".join(
        f"{position * step:.1f},{box.height - box.height * value / top:.1f}" for position, value in enumerate(values)
    )
