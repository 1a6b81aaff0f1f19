"""Another program that speaks Open311 with the city, for the tests: what it sends, and what it reads."""

from __future__ import annotations

import json
from typing import Any
from xml.etree import ElementTree

from werkzeug.test import TestResponse

from tests.city import City

BASE = "/open311/v2"
REPORT = {
    "service_code": "waste",
    "address_string": "소사역 앞",
    "description": "봉투가 <쌓였어요> & 냄새나요",
}
CONTENT_TYPES = {"json": "application/json; charset=utf-8", "xml": "text/xml; charset=utf-8"}


def send(city: City, key: str, form: dict[str, str], to: str = "json", **headers: str) -> TestResponse:
    given = {name.replace("_", "-"): text for name, text in headers.items()}
    return city.client().post(f"{BASE}/requests.{to}", data={"api_key": key, **form}, headers=given)


def read(answer: TestResponse) -> Any:
    form = "json" if answer.request.path.endswith(".json") else "xml"
    assert answer.content_type == CONTENT_TYPES[form]
    if form == "json":
        return json.loads(answer.text)
    assert answer.text.startswith('<?xml version="1.0" encoding="utf-8"?>')
    return ElementTree.fromstring(answer.data)


def refused(answer: TestResponse, status: int) -> list[str]:
    """The reasons, out of the specification's error body."""
    assert answer.status_code == status, answer.text
    told = read(answer)
    errors = told if isinstance(told, list) else [{part.tag: part.text for part in one} for one in told]
    assert errors
    assert {str(one["code"]) for one in errors} == {str(status)}
    return [one["description"] for one in errors]


def spark(element: ElementTree.Element) -> Any:
    """JSON of an XML element by the Spark convention, all leaves as text."""
    children = list(element)
    if not children:
        return element.text
    if len({child.tag for child in children}) == 1 and len(element.tag) > len(children[0].tag):
        return [spark(child) for child in children]
    return {child.tag: spark(child) for child in children}


def as_texts(content: Any) -> Any:
    if isinstance(content, dict):
        return {name: as_texts(value) for name, value in content.items()}
    if isinstance(content, list):
        return [as_texts(value) for value in content] or None
    return (
        {None: None, True: "true", False: "false"}.get(content)
        if content in (None, True, False)
        else str(content)
    )
