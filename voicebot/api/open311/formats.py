"""One content, two formats: JSON, and the XML that it is the "Spark" image of (GeoReport v2, Format Support). Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any
from xml.etree import ElementTree

from voicebot.errors import WebhookRefused

CONTENT_TYPES = {"json": "application/json; charset=utf-8", "xml": "text/xml; charset=utf-8"}
_ITEM_OF = {
    "services": "service",
    "service_requests": "request",
    "attributes": "attribute",
    "endpoints": "endpoint",
    "formats": "format",
    "errors": "error",
}
_DECLARATION = '<?xml version="1.0" encoding="utf-8"?>\n'
# What XML 1.0 cannot hold even escaped (its production 2, Char).
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Refusal(WebhookRefused):
    """A request that cannot be served; every reason at once, in Korean, for whoever uses the program."""

    def __init__(self, *reasons: str, status: int = 400) -> None:
        self.reasons = reasons
        super().__init__("; ".join(reasons), status=status)


def written(root: str, content: Any, form: str) -> str:
    """``content`` (dicts, lists, texts, numbers, truths, None) in ``form``: "json" or "xml".

    ``root`` names the outermost XML element; JSON has none.
    """
    if form == "json":
        return json.dumps(content, ensure_ascii=False)
    return _DECLARATION + ElementTree.tostring(_element(root, content), encoding="unicode")


def errors(status: int, reasons: Sequence[str]) -> list[dict[str, Any]]:
    """The specification's error body."""
    return [{"code": status, "description": reason} for reason in reasons]


def _element(name: str, content: Any) -> ElementTree.Element:
    element = ElementTree.Element(name)
    if isinstance(content, dict):
        element.extend(_element(key, value) for key, value in content.items())
    elif isinstance(content, list):
        element.extend(_element(_ITEM_OF[name], value) for value in content)
    elif content is not None:
        element.text = _text(content)
    return element


def _text(content: Any) -> str:
    if isinstance(content, bool):
        return "true" if content else "false"
    return _NO_XML.sub("", str(content))
