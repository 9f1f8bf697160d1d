"""A small line of counts, drawn as an SVG path by the server: no script, no library."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.control_limits import worth_drawing

WIDTH = 96
HEIGHT = 24
EDGE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Sparkline:
    """The path of a line, of the area under it, and where its last point lies."""

    line: str
    area: str
    last_x: float
    last_y: float
    width: int
    height: int


def sparkline(counts: Sequence[float], *, width: int = WIDTH, height: int = HEIGHT) -> Sparkline | None:
    """Return the line through these counts from zero up to their largest, None where they are too few for a course."""
    if not worth_drawing(counts):
        return None
    top = max(max(counts), 1)
    step = (width - 2 * EDGE) / (len(counts) - 1)
    points = [
        (round(EDGE + index * step, 1), round(height - EDGE - (height - 2 * EDGE) * count / top, 1))
        for index, count in enumerate(counts)
    ]
    line = "M" + "L".join(f"{x} {y}" for x, y in points)
    floor = height - EDGE
    return Sparkline(
        line=line,
        area=f"{line}L{points[-1][0]} {floor}L{points[0][0]} {floor}Z",
        last_x=points[-1][0],
        last_y=points[-1][1],
        width=width,
        height=height,
    )
