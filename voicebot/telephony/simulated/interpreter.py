"""Runs one call's TwiML: fetch a document, execute its verbs, go where they lead, until the call ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from voicebot.telephony.simulated.dialing import dial
from voicebot.telephony.simulated.gathering import gather
from voicebot.telephony.simulated.grammar import TwimlFault, Verb, parse_twiml
from voicebot.telephony.simulated.lines import Line, Source, Who
from voicebot.telephony.simulated.lines import Spoken as TranscriptLine
from voicebot.telephony.simulated.persons import Heard
from voicebot.telephony.simulated.prompts import play_out, wav_seconds
from voicebot.telephony.simulated.queueing import enqueue, leave
from voicebot.telephony.simulated.recording_verbs import record, start, stop
from voicebot.telephony.simulated.signals import CallEnds, LeavesQueue, LiveUpdate
from voicebot.telephony.simulated.timeline import Pause, Script
from voicebot.telephony.simulated.transport import WebhookResponse
from voicebot.telephony.simulated.webhook import WebhookFailed

if TYPE_CHECKING:
    from voicebot.telephony.simulated.exchange import SimulatedExchange

MOST_DOCUMENTS = 1000
"""Twilio publishes no limit for voice; without one, two documents that redirect to each other never end."""
APPLICATION_ERROR = "We are sorry. An application error has occurred. Goodbye."
TWIML_TYPES = frozenset({"text/xml", "application/xml", "text/html"})
_SPOKEN_ERROR_S = 5.0

Handler = Callable[["Interpreter", Verb], Script[Source | None]]


class Interpreter:
    """The TwiML under way on one line."""

    def __init__(self, exchange: SimulatedExchange, line: Line) -> None:
        self.exchange = exchange
        self.line = line
        self._is_fallback = False

    # --- what verbs need ---

    def resolve(self, url: str) -> str:
        """``url`` against the document at hand; empty means that document. Raises TwimlFault."""
        base = self.line.document_url
        found = urljoin(base, url) if base else url
        if urlsplit(found).scheme not in ("http", "https"):
            where = "in TwiML given inline (Twiml=), which has no address of its own" if not base else ""
            raise TwimlFault(11100, f"not an absolute URL: '{url}' {where}".rstrip())
        return found

    def note(self, who: Who, text: str) -> None:
        at = self.exchange.timeline.seconds() - self.line.began_s
        spoken = TranscriptLine(who, text, round(at, 3))
        self.line.transcript.append(spoken)
        for listener in self.exchange.listeners:
            listener(self.line, spoken)

    def note_heard(self, item: Heard) -> None:
        if item.kind != "pause":
            self.note("bot", item.text)

    def on(self, line: Line) -> Interpreter:
        """Another line of the same exchange."""
        return Interpreter(self.exchange, line)

    # --- running ---

    def run(self, source: Source) -> Script[None]:
        """Until there is nothing more to do: then the caller of this ends the call. May raise CallEnds."""
        following: Source | None = source
        self._is_fallback = False
        while following is not None:
            try:
                following = yield from self._run_document(following)
            except LeavesQueue:
                self.exchange.log_error(self.line, 12200, "<Leave> outside a queue", self.line.document_url)
                following = None
            except LiveUpdate as update:
                following, self._is_fallback = update.source, False

    def _run_document(self, source: Source) -> Script[Source | None]:
        """One document, or what comes in its place when it cannot be had or executed."""
        try:
            verbs = yield from self.fetch(source)
            following = yield from self.execute(verbs)
        except (TwimlFault, WebhookFailed) as fault:
            url = fault.url if isinstance(fault, WebhookFailed) else self.line.document_url
            self.exchange.log_error(self.line, fault.code, str(fault), url)
            fallback = None if self._is_fallback else self._fallback(fault.code, url)
            self._is_fallback = True
            if fallback is None:
                yield from self._say_application_error()
            return fallback
        self._is_fallback = False
        return following

    def _fallback(self, code: int, url: str) -> Source | None:
        fallback = self.line.options.fallback
        if fallback is None:
            return None
        told = (("ErrorCode", str(code)), ("ErrorUrl", url))
        return Source(fallback.url, fallback.method, told)

    def _say_application_error(self) -> Script[None]:
        self.exchange.answer(self.line)
        heard = Heard("say", APPLICATION_ERROR, seconds=_SPOKEN_ERROR_S)
        self.note_heard(heard)
        self.line.unheard.append(heard)
        yield Pause(_SPOKEN_ERROR_S)

    def fetch(self, source: Source) -> Script[Sequence[Verb]]:
        self.line.documents += 1
        if self.line.documents > MOST_DOCUMENTS:
            self.exchange.log_error(self.line, 14106, f"more than {MOST_DOCUMENTS} documents", source.url)
            raise CallEnds("completed")
        if source.twiml is not None:
            self.line.document_url = ""
            return parse_twiml(source.twiml)
        params = {**self.line.standard_params(), **dict(source.params)}
        courier = self.exchange.courier
        self.line.document_url = source.url
        url, response = yield from courier.fetch("turn", source.method, source.url, params, self.line.cookies)
        self.line.document_url = url
        return self._verbs_of(response)

    def _verbs_of(self, response: WebhookResponse) -> Sequence[Verb]:
        kind = response.content_type
        if kind in TWIML_TYPES:
            return parse_twiml(response.body)
        if kind.startswith("audio/"):
            self.exchange.media_seconds[self.line.document_url] = wav_seconds(response.body)
            return (Verb("Play", {}, self.line.document_url, (), (self.line.document_url,)),)
        if kind == "text/plain":
            return _read_aloud(response.body)
        raise TwimlFault(12300, f"the content type is '{kind or 'missing'}'; answer text/xml")

    def execute(self, verbs: Sequence[Verb]) -> Script[Source | None]:
        """One document: the source of the next, or None at its end."""
        for number, verb in enumerate(verbs):
            if verb.tag == "Reject" and (number or self.line.answered_at or self.line.direction != "inbound"):
                raise TwimlFault(12200, "<Reject> is only known as the first verb of an unanswered call")
            if verb.tag != "Reject":
                self.exchange.answer(self.line)
            following = yield from HANDLERS[verb.tag](self, verb)
            if following is not None:
                return following
        self.exchange.answer(self.line)
        return None


def _read_aloud(body: bytes) -> Sequence[Verb]:
    """``text/plain`` is TwiML if it can be read as such, else it is read aloud."""
    try:
        return parse_twiml(body)
    except TwimlFault:
        text = " ".join(body.decode("utf-8", "replace").split())
        return (Verb("Say", {"language": "ko-KR"}, text, (), (text,)),) if text else ()


def _prompt(interpreter: Interpreter, verb: Verb) -> Script[Source | None]:
    yield from play_out(interpreter, verb)
    return None


def _redirect(interpreter: Interpreter, verb: Verb) -> Script[Source | None]:
    yield Pause(0)
    return Source(interpreter.resolve(verb.text), verb.get("method", "POST").upper())


def _hang_up(interpreter: Interpreter, verb: Verb) -> Script[Source | None]:
    yield Pause(0)
    raise CallEnds("completed", by="bot")


def _reject(interpreter: Interpreter, verb: Verb) -> Script[Source | None]:
    yield Pause(0)
    raise CallEnds("busy" if verb.get("reason").lower() == "busy" else "no-answer", by="bot")


HANDLERS: dict[str, Handler] = {
    "Say": _prompt,
    "Play": _prompt,
    "Pause": _prompt,
    "Gather": gather,
    "Record": record,
    "Start": start,
    "Stop": stop,
    "Dial": dial,
    "Enqueue": enqueue,
    "Leave": leave,
    "Redirect": _redirect,
    "Hangup": _hang_up,
    "Reject": _reject,
}
