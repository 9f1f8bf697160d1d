"""`--mapping FILE`: which column is what, as JSON."""

import json
from typing import Any

from app.cli.sources import read
from app.errors import BadRequest


def read_mapping(path: str) -> dict[str, Any]:
    """Return the mapping of a JSON file. Raises BadRequest where it is not an object in JSON."""
    try:
        mapping = json.loads(read(path).decode("utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise BadRequest(code="mapping_not_json", values={"path": path, "reason": str(error)}) from error
    if not isinstance(mapping, dict):
        raise BadRequest(code="mapping_not_object", values={"path": path})
    return mapping
