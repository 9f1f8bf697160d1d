"""How every chart looks: the colours of the pages, system fonts with Chinese, no more ink than the data needs."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from app.measures import Point
from app.store.filters import Filters

FONT = (
    '-apple-system, BlinkMacSystemFont, "Segoe UI", Roboto, "Noto Sans", "Noto Sans CJK SC", "Noto Sans SC",'
    ' "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "Helvetica Neue", Arial, sans-serif'
)
COLOURS = {
    "accent": "#3a5a94",
    "negative": "#c2502e",
    "neutral": "#8d9298",
    "positive": "#2b8a6b",
    "text": "#1d1f21",
    "quiet": "#63676b",
    "line": "#e4e4df",
}
"""Light colours by the name they have in app/static/tokens.css; a test holds the two together."""
MOODS = ("negative", "neutral", "positive")


def finished(chart: Any, *, height: int) -> dict[str, Any]:
    """Return an altair chart as a spec that fills the width it is given, in the look of the house."""
    spec = inline(chart.to_dict())
    axis = {
        "labelColor": COLOURS["quiet"],
        "labelFontSize": 11,
        "titleColor": COLOURS["quiet"],
        "titleFontSize": 11,
        "titleFontWeight": "normal",
        "gridColor": COLOURS["line"],
        "domainColor": COLOURS["line"],
        "tickColor": COLOURS["line"],
        "labelPadding": 6,
        "labelFlush": True,
    }
    return {
        **spec,
        "width": "container",
        "height": height,
        "background": None,
        "padding": {"left": 2, "right": 6, "top": 6, "bottom": 2},
        "autosize": {"type": "fit", "contains": "padding"},
        "config": {
            "font": FONT,
            "view": {"stroke": None},
            "axis": axis,
            "axisX": {"grid": False, "ticks": False},
            "axisY": {"domain": False, "ticks": False, "tickCount": 4},
            "legend": {"labelColor": COLOURS["quiet"], "labelFontSize": 11, "title": None, "orient": "top"},
        },
    }


def inline(spec: dict[str, Any]) -> dict[str, Any]:
    """Return a spec with every named data set where it is used, as readers of a single chart expect it."""
    named = spec.pop("datasets", {})

    def resolved(node: object) -> object:
        if isinstance(node, dict):
            if set(node) == {"name"} and node["name"] in named:
                return {"values": named[node["name"]]}
            return {key: resolved(value) for key, value in node.items()}
        return [resolved(value) for value in node] if isinstance(node, list) else node

    return {key: resolved(value) for key, value in spec.items()}


def opens(query: Mapping[str, str]) -> str:
    """Return the filters of an address that lead to what one mark of a chart counts; rows carry it as `open`."""
    return urlencode(query)


def period_asked(point: Point, filters: Filters) -> dict[str, str]:
    """Return the filters for one period, cut to the days that were asked for."""
    return {"from": max(point.start, filters.since or ""), "to": min(point.end, filters.until or point.end)}


def for_page(spec: dict[str, Any]) -> dict[str, Any]:
    """Return a spec whose colours are the page's own variables, so that it follows light, dark and print by itself."""
    text = json.dumps(spec)
    for name, colour in COLOURS.items():
        text = text.replace(f'"{colour}"', f'"var(--{name})"')
    found = dict(json.loads(text))
    config = found.setdefault("config", {})
    config["mark"] = {**config.get("mark", {}), "cursor": "pointer"}
    return found
