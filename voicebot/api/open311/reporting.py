"""What a POST of a request reports: the form read strictly, every fault told at once. Pure.

The reporter's name, e-mail, device and account are not read at all: nothing here needs them.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from voicebot.api.open311.asking import Parameters, value
from voicebot.api.open311.formats import Refusal
from voicebot.api.open311.location import Location
from voicebot.duty.reports import Report
from voicebot.records.phones import normalise_phone

LONGEST_DESCRIPTION = 4000
"""The specification's own limit."""
_LONGEST_ADDRESS = 500
_LONGEST_URL = 2000
_DEGREES = re.compile(r"[+-]?[0-9]{1,3}(?:\.[0-9]{1,20})?")
_ADDRESS_ID = re.compile(r"[0-9A-Za-z._:-]{1,64}")
# Control characters but tab and line breaks, line separators that are none here, half characters, no characters.
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")


def report_of(form: Parameters, service_code: str) -> Report:
    """The report that the form makes about a service that is known to exist. Raises Refusal (400)."""
    faults: list[str] = []
    location = _location(form, faults)
    said = _said(form, faults)
    phone = _phone(form, faults)
    if faults:
        raise Refusal(*faults)
    return Report(service_code, str(location), said, phone)


def _location(form: Parameters, faults: list[str]) -> Location:
    address = " ".join(_fit(form, "address_string", _LONGEST_ADDRESS, faults).split())
    address_id = value(form, "address_id")
    if address_id and not _ADDRESS_ID.fullmatch(address_id):
        faults.append("address_id는 영문자, 숫자, 점, 밑줄, 쌍점, 붙임표로 64자까지입니다.")
    lat, long = _degrees(form, "lat", 90, faults), _degrees(form, "long", 180, faults)
    if bool(value(form, "lat")) != bool(value(form, "long")):
        faults.append("lat과 long은 함께 보내 주십시오.")
    if not (address or address_id or value(form, "lat") or value(form, "long")):
        faults.append("위치가 없습니다. lat과 long, address_string, address_id 가운데 하나를 보내 주십시오.")
    return Location(address or None, address_id or None, lat, long)


def _degrees(form: Parameters, name: str, most: int, faults: list[str]) -> float | None:
    text = value(form, name)
    if not text:
        return None
    if _DEGREES.fullmatch(text) and abs(float(text)) <= most:
        return float(text)
    faults.append(f"{name}은 -{most}부터 {most}까지의 소수입니다.")
    return None


def _said(form: Parameters, faults: list[str]) -> str | None:
    """The description, and the address of a picture as its last line: officers read both together."""
    text = _fit(form, "description", LONGEST_DESCRIPTION, faults).replace("\r\n", "\n").replace("\r", "\n")
    picture = _fit(form, "media_url", _LONGEST_URL, faults)
    if picture and not _is_web_address(picture):
        faults.append("media_url은 http 또는 https 주소입니다.")
    said = "\n".join(part for part in (text, picture) if part)
    if len(said) > LONGEST_DESCRIPTION >= len(text):
        faults.append(f"description과 media_url은 합하여 {LONGEST_DESCRIPTION}자까지입니다.")
    return said or None


def _phone(form: Parameters, faults: list[str]) -> str | None:
    text = value(form, "phone")
    if not text:
        return None
    try:
        return normalise_phone(text[:40])
    except ValueError:
        faults.append("phone은 전화번호가 아닙니다. 예: 010-1234-5678")
        return None


def _fit(form: Parameters, name: str, longest: int, faults: list[str]) -> str:
    text = value(form, name)
    if len(text) > longest:
        faults.append(f"{name}은 {longest}자까지입니다.")
    if _UNFIT.search(text):
        faults.append(f"{name}에 쓸 수 없는 제어 문자가 있습니다.")
    return text


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"\s", text)
