"""The TwiML that this carrier executes: parsing, and loud refusal of everything else.

Codes are Twilio's own: 12100 parse failure, 12200 schema, 13xxx attributes of single verbs. Twilio only warns
of some of these and goes on with a default; here each is an error, because a warning nobody reads is how a
resident comes to hear silence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from xml.etree import ElementTree

MAX_BYTES = 64 * 1024
MAX_SAY_CHARS = 4096
MAX_HINTS = 500
MAX_HINT_CHARS = 100


class TwimlFault(Exception):
    """The document is not one this carrier executes. ``code`` is Twilio's."""

    def __init__(self, code: int, message: str) -> None:
        self.code = code
        super().__init__(message)


@dataclass(frozen=True)
class Verb:
    """One element with its attributes, its own text and its children, in document order.

    ``mixed``: text and children as they follow each other, for speech.
    """

    tag: str
    attributes: dict[str, str]
    text: str
    children: tuple[Verb, ...]
    mixed: tuple[str | Verb, ...]

    def get(self, name: str, default: str = "") -> str:
        return self.attributes.get(name, default)

    def integer(self, name: str, default: int) -> int:
        return int(self.attributes[name]) if name in self.attributes else default

    def flag(self, name: str, default: bool) -> bool:
        return self.attributes[name].lower() == "true" if name in self.attributes else default

    def walk(self) -> Iterator[Verb]:
        yield self
        for child in self.children:
            yield from child.walk()


Check = Callable[[str], bool]


def _integer(lowest: int) -> Check:
    return lambda value: bool(re.fullmatch(r"\d{1,6}", value)) and int(value) >= lowest


def _one_of(*values: str) -> Check:
    return lambda value: value.lower() in values


def _any(value: str) -> bool:
    return True


def _key(value: str) -> bool:
    return value == "" or (len(value) == 1 and value in "0123456789#*")


def _keys(value: str) -> bool:
    return not set(value) - set("0123456789#*")


def _hints(value: str) -> bool:
    entries = value.split(",")
    return len(entries) <= MAX_HINTS and all(len(entry.strip()) <= MAX_HINT_CHARS for entry in entries)


def _inputs(value: str) -> bool:
    return bool(value.split()) and not set(value.split()) - {"dtmf", "speech"}


def _events(*known: str) -> Check:
    return lambda value: bool(value.split()) and not set(value.split()) - set(known)


METHOD = _one_of("get", "post")
BOOLEAN = _one_of("true", "false")
MODELS = [
    "default",
    "numbers_and_commands",
    "phone_call",
    "experimental_conversations",
    "experimental_utterances",
    "googlev2_long",
    "googlev2_short",
    "googlev2_telephony",
    "googlev2_telephony_short",
    "deepgram_nova-2",
    "deepgram_nova-3",
]
_DIAL_RECORD = (
    "do-not-record",
    "record-from-answer",
    "record-from-ringing",
    "record-from-answer-dual",
    "record-from-ringing-dual",
    "true",
    "false",
)
CALL_EVENTS = _events("initiated", "ringing", "answered", "completed")
RECORDING_EVENTS = _events("in-progress", "completed", "absent")


@dataclass(frozen=True)
class Rule:
    """What one element may carry. ``attributes`` maps a name to its check and the code of a wrong value."""

    attributes: dict[str, tuple[Check, int]]
    children: tuple[str, ...] = ()
    has_text: bool = False


SSML: dict[str, dict[str, tuple[Check, int]]] = {
    "break": {"strength": (_any, 13520), "time": (lambda v: bool(re.fullmatch(r"[\d.]+m?s", v)), 13520)},
    "emphasis": {"level": (_any, 13520)},
    "lang": {"xml:lang": (_any, 13520)},
    "p": {},
    "phoneme": {"alphabet": (_any, 13520), "ph": (_any, 13520)},
    "prosody": {"volume": (_any, 13520), "rate": (_any, 13520), "pitch": (_any, 13520)},
    "s": {},
    "say-as": {"interpret-as": (_any, 13520), "format": (_any, 13520)},
    "sub": {"alias": (_any, 13520)},
    "w": {"role": (_any, 13520)},
}
_RECORDING_CALLBACKS = {
    "recordingStatusCallback": (_any, 12200),
    "recordingStatusCallbackMethod": (METHOD, 12200),
    "recordingStatusCallbackEvent": (RECORDING_EVENTS, 12200),
}
VERBS = (
    *("Say", "Play", "Pause", "Gather", "Record", "Start", "Stop", "Dial", "Enqueue", "Leave"),
    *("Redirect", "Hangup", "Reject"),
)
_RULES: dict[str, Rule] = {
    "Response": Rule(
        {},
        VERBS,
    ),
    "Say": Rule(
        {"voice": (_any, 13511), "language": (_any, 13520), "loop": (_integer(0), 13510)},
        tuple(SSML),
        has_text=True,
    ),
    "Play": Rule({"loop": (_integer(0), 13410), "digits": (lambda v: bool(v), 13420)}, has_text=True),
    "Pause": Rule({"length": (_integer(0), 13810)}),
    "Gather": Rule(
        {
            "input": (_inputs, 12200),
            "action": (_any, 12200),
            "method": (METHOD, 13312),
            "timeout": (_integer(1), 13313),
            "speechTimeout": (lambda v: v == "auto" or _integer(1)(v), 13327),
            "numDigits": (_integer(1), 13314),
            "finishOnKey": (_key, 13310),
            "actionOnEmptyResult": (BOOLEAN, 12200),
            "bargeIn": (BOOLEAN, 12200),
            "hints": (_hints, 12200),
            "language": (lambda v: bool(re.fullmatch(r"[a-zA-Z]{2,3}(-[A-Za-z0-9]+)*", v)), 12200),
            "speechModel": (lambda v: v in MODELS, 13335),
            "profanityFilter": (BOOLEAN, 12200),
            "enhanced": (BOOLEAN, 12200),
            "partialResultCallback": (_any, 12200),
            "partialResultCallbackMethod": (METHOD, 12200),
        },
        ("Say", "Play", "Pause"),
    ),
    "Record": Rule(
        {
            "action": (_any, 12200),
            "method": (METHOD, 13610),
            "timeout": (_integer(0), 13611),
            "maxLength": (_integer(1), 13612),
            "finishOnKey": (_keys, 13613),
            "playBeep": (BOOLEAN, 13616),
            "trim": (_one_of("trim-silence", "do-not-trim"), 12200),
            **_RECORDING_CALLBACKS,
        }
    ),
    "Start": Rule({}, ("Recording",)),
    "Stop": Rule({}, ("Recording",)),
    "Recording": Rule(
        {
            "track": (_one_of("inbound", "outbound", "both"), 12200),
            "channels": (_one_of("mono", "dual"), 12200),
            "trim": (_one_of("trim-silence", "do-not-trim"), 12200),
            **_RECORDING_CALLBACKS,
        }
    ),
    "Dial": Rule(
        {
            "action": (_any, 13210),
            "method": (METHOD, 13217),
            "timeout": (_integer(1), 13212),
            "timeLimit": (_integer(1), 13216),
            "hangupOnStar": (BOOLEAN, 13213),
            "callerId": (lambda v: bool(re.fullmatch(r"\+?[0-9]{3,15}", v)), 13214),
            "answerOnBridge": (BOOLEAN, 12200),
            "ringTone": (_any, 12200),
            "sequential": (BOOLEAN, 12200),
            "record": (_one_of(*_DIAL_RECORD), 12200),
            "recordingTrack": (_one_of("inbound", "outbound", "both"), 12200),
            "trim": (_one_of("trim-silence", "do-not-trim"), 12200),
            **_RECORDING_CALLBACKS,
        },
        ("Number", "Queue"),
        has_text=True,
    ),
    "Number": Rule(
        {
            "url": (_any, 12200),
            "method": (METHOD, 13221),
            "sendDigits": (lambda v: not set(v) - set("0123456789#*wW"), 13222),
            "statusCallback": (_any, 12200),
            "statusCallbackMethod": (METHOD, 12200),
            "statusCallbackEvent": (CALL_EVENTS, 12200),
        },
        has_text=True,
    ),
    "Queue": Rule({}, has_text=True),
    "Enqueue": Rule(
        {
            "action": (_any, 12200),
            "method": (METHOD, 12200),
            "waitUrl": (_any, 12200),
            "waitUrlMethod": (METHOD, 12200),
        },
        has_text=True,
    ),
    "Leave": Rule({}),
    "Redirect": Rule({"method": (METHOD, 13710)}, has_text=True),
    "Hangup": Rule({}),
    "Reject": Rule({"reason": (_one_of("rejected", "busy"), 12200)}),
}
_SSML_RULES = {tag: Rule(attributes, tuple(SSML), has_text=True) for tag, attributes in SSML.items()}
NEEDS_URL = ("Redirect", "Play", "Number", "Queue", "Enqueue")
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def parse_twiml(body: bytes | str) -> tuple[Verb, ...]:
    """The verbs of a document, checked. Raises TwimlFault."""
    raw = body.encode() if isinstance(body, str) else body
    if len(raw) > MAX_BYTES:
        raise TwimlFault(11750, f"the document has {len(raw)} bytes; 64 kB are the limit")
    if not raw.strip():
        raise TwimlFault(12100, "the document is empty; answer <Response/> to end the call")
    if raw[:1].isspace():
        raise TwimlFault(12100, "blank before the XML declaration")
    if b"<!DOCTYPE" in raw:
        raise TwimlFault(12100, "a DOCTYPE is not accepted")
    try:
        root = ElementTree.fromstring(raw)  # noqa: S314 - no DOCTYPE, so no entities to expand
    except ElementTree.ParseError as error:
        raise TwimlFault(12100, f"not well-formed XML: {error}") from error
    if root.tag != "Response":
        raise TwimlFault(12100, f"the root is <{root.tag}>, not <Response>")
    response = _verb_of(root)
    _check(response, _RULES, "the document")
    return response.children


def _verb_of(element: ElementTree.Element) -> Verb:
    mixed: list[str | Verb] = [element.text or ""]
    for child in element:
        mixed += [_verb_of(child), child.tail or ""]
    return Verb(
        element.tag,
        {name.replace(_XML_LANG, "xml:lang"): value for name, value in element.attrib.items()},
        "".join(part for part in mixed if isinstance(part, str)).strip(),
        tuple(part for part in mixed if isinstance(part, Verb)),
        tuple(mixed),
    )


def _check(verb: Verb, rules: dict[str, Rule], parent: str) -> None:
    rule = rules[verb.tag]
    for name, value in verb.attributes.items():
        if name not in rule.attributes:
            raise TwimlFault(12200, f"<{verb.tag}> has no attribute '{name}'")
        is_right, code = rule.attributes[name]
        if not is_right(value):
            raise TwimlFault(code, f'<{verb.tag} {name}="{value}"> is not a valid value')
    if verb.text and not rule.has_text:
        raise TwimlFault(12200, f"<{verb.tag}> holds no text, found '{verb.text[:40]}'")
    for child in verb.children:
        if child.tag not in rule.children:
            code = 13320 if verb.tag == "Gather" else 12200
            raise TwimlFault(code, f"<{child.tag}> is not known inside <{verb.tag}>")
        _check(child, _SSML_RULES if verb.tag == "Say" or verb.tag in SSML else rules, verb.tag)
    _check_together(verb, parent)


def _check_together(verb: Verb, parent: str) -> None:
    """Rules over several attributes or over the text."""
    if special := _TOGETHER.get(verb.tag):
        special(verb, parent)


def _check_gather(verb: Verb, parent: str) -> None:
    if verb.get("speechTimeout") == "auto" and "speechModel" in verb.attributes:
        raise TwimlFault(13327, '<Gather speechTimeout="auto"> is not allowed with a speechModel')
    if "speechTimeout" in verb.attributes and "speech" not in verb.get("input", "dtmf").split():
        raise TwimlFault(12200, "<Gather> has a speechTimeout and does not listen for speech")
    if any("digits" in child.attributes for child in verb.children):
        raise TwimlFault(13320, "<Play digits> is not allowed inside <Gather>")


def _check_say(verb: Verb, parent: str) -> None:
    text = spoken_text(verb)
    if not text:
        raise TwimlFault(13520, "<Say> has nothing to say")
    if len(text) > MAX_SAY_CHARS:
        raise TwimlFault(13520, f"<Say> has {len(text)} characters; {MAX_SAY_CHARS} are the limit")
    if re.search(r"[가-힣]", text) and not verb.get("language").lower().startswith("ko"):
        raise TwimlFault(13520, f'<Say> of Korean without language="ko-KR": {text[:40]}')


def _check_target(verb: Verb, parent: str) -> None:
    if not verb.text and not (verb.tag == "Play" and "digits" in verb.attributes):
        raise TwimlFault(12200, f"<{verb.tag}> names nothing")


def _check_dial(verb: Verb, parent: str) -> None:
    if bool(verb.text) == bool(verb.children):
        raise TwimlFault(12200, "<Dial> takes either a number or nouns")
    if len(verb.children) > 10:
        raise TwimlFault(13250, "<Dial> rings at most 10 numbers")
    if any(child.tag == "Queue" for child in verb.children) and len(verb.children) > 1:
        raise TwimlFault(12200, "<Dial> takes one <Queue> alone")


def _check_recording_child(verb: Verb, parent: str) -> None:
    if len(verb.children) != 1:
        raise TwimlFault(12200, f"<{verb.tag}> takes one <Recording>")


_TOGETHER: dict[str, Callable[[Verb, str], None]] = {
    "Gather": _check_gather,
    "Say": _check_say,
    "Dial": _check_dial,
    "Start": _check_recording_child,
    "Stop": _check_recording_child,
    **dict.fromkeys(NEEDS_URL, _check_target),
}


def spoken_text(verb: Verb) -> str:
    """What a <Say> says, as one line: SSML taken away, ``sub`` by its alias."""
    return " ".join("".join(_spoken(verb)).split())


def _spoken(verb: Verb) -> Iterator[str]:
    if verb.tag == "sub" and "alias" in verb.attributes:
        yield verb.attributes["alias"]
        return
    if verb.tag == "break":
        yield " "
    for part in verb.mixed:
        if isinstance(part, str):
            yield part
        else:
            yield from _spoken(part)
