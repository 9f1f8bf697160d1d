"""What a decision about a unit just did, carried by the address that follows it and told once."""

import re
from dataclasses import dataclass

PARAMETER = "corrected"
_WRITTEN = re.compile(
    r"(?P<unit>[A-Za-z0-9_]{1,40})\.(?P<kind>corrected|confirmed|taken_back)"
    r"\.(?P<sentiment>negative|neutral|positive)\.(?P<held>negative|neutral|positive|)\.(?P<units>\d{1,9})"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """A decision: the unit, what it is now, what a person had said before ("" for nothing), how many units followed."""

    unit: str
    kind: str
    sentiment: str
    held: str
    units: int

    def written(self) -> str:
        """Return it as the value of an address's parameter."""
        return f"{self.unit}.{self.kind}.{self.sentiment}.{self.held}.{self.units}"


def corrected(value: str | None) -> Corrected | None:
    """Return the decision that an address tells of, None where it tells of none."""
    found = _WRITTEN.fullmatch(value or "")
    if found is None:
        return None
    return Corrected(
        unit=found["unit"],
        kind=found["kind"],
        sentiment=found["sentiment"],
        held=found["held"],
        units=int(found["units"]),
    )
