"""Charts: one file each, ending in a CHART that makes a Vega-Lite spec from its counts.

The same spec is drawn in the page, given by the API and turned into SVG for the report. To add a chart, add a file.
"""

import json
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

from sqlite_utils import Database

from app.charts.look import for_page
from app.locale import UiLanguage
from app.store.filters import Filters

__all__ = ["Chart", "all_charts", "chart_named", "data_of", "for_page", "is_empty", "to_svg"]

Spec = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A chart: `spec(database, theme id or None, filters, language)` gives Vega-Lite; no data gives empty values.

    `title` and `note` are by language; `wide` asks for the whole width of a page.
    """

    name: str
    title: Mapping[str, str]
    note: Mapping[str, str]
    order: int
    spec: Callable[[Database, str | None, Filters, UiLanguage], Spec]
    wide: bool = False


@cache
def all_charts() -> tuple[Chart, ...]:
    """Return every chart in order."""
    modules = (import_module(f"app.charts.{found.name}") for found in pkgutil.iter_modules(__path__))
    return tuple(sorted((m.CHART for m in modules if hasattr(m, "CHART")), key=lambda chart: (chart.order, chart.name)))


def chart_named(name: str) -> Chart | None:
    """Return the chart with this name, None where there is none."""
    return next((chart for chart in all_charts() if chart.name == name), None)


def is_empty(spec: Spec) -> bool:
    """Say whether no data of a spec has a row, so that an empty state is shown instead of empty axes."""
    return not any(data_of(spec))


def to_svg(spec: Spec) -> str:
    """Return a spec as SVG in light colours, for reports and for pages without scripts."""
    import vl_convert

    return str(vl_convert.vegalite_to_svg(json.dumps(spec)))


def data_of(node: object) -> list[list[Any]]:
    """Return the rows of every data set in a spec."""
    if isinstance(node, dict):
        own = [node["data"]["values"]] if isinstance(node.get("data"), dict) and "values" in node["data"] else []
        return own + [found for value in node.values() for found in data_of(value)]
    if isinstance(node, list):
        return [found for value in node for found in data_of(value)]
    return []
