"""Recordings: started by TwiML or REST, finished with the call, and fetched a little later.

The audio is a tone of the right length; what was said is written into the file as a comment (RIFF INFO), for a
simulated recogniser to read.
"""

from __future__ import annotations

import array
import io
import math
import struct
import wave
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from voicebot.telephony.simulated.lines import Callback, Line, rfc2822
from voicebot.telephony.simulated.reports import Reporter
from voicebot.telephony.simulated.timeline import Pause, Script, Timeline

RATE_HZ = 8000
PROCESSING_S = 1.0
"""From the end of a recording until it can be fetched (404 until then)."""
LONGEST_AUDIO_S = 600
"""The simulated audio is not written longer than this; the duration is reported in full."""


@dataclass(eq=False)
class Recording:
    """One recording. ``status``: in-progress, paused, processing, completed, absent, deleted."""

    sid: str
    line: Line
    source: str
    callback: Callback | None
    track: str
    channels: int
    started_at: datetime
    began_s: float
    status: str = "in-progress"
    duration_s: float = 0.0
    ended_at: datetime | None = None
    said: list[str] = field(default_factory=list)
    paused_since_s: float | None = None
    paused_s: float = 0.0
    first_line: int = 0

    @property
    def is_running(self) -> bool:
        return self.status in ("in-progress", "paused")


class Recordings:
    """All recordings of an exchange."""

    def __init__(
        self, timeline: Timeline, reporter: Reporter, new_sid: Callable[[str], str], url: Callable[[str], str]
    ) -> None:
        self._timeline = timeline
        self._reporter = reporter
        self._new_sid = new_sid
        self._url = url
        self.all: dict[str, Recording] = {}

    def start(
        self, line: Line, source: str, callback: Callback | None, track: str = "both", channels: int = 1
    ) -> Recording:
        """Begin to record a line."""
        now, now_s = self._timeline.now(), self._timeline.seconds()
        recording = Recording(self._new_sid("RE"), line, source, callback, track, channels, now, now_s)
        recording.first_line = len(line.transcript)
        self.all[recording.sid] = recording
        self._report(recording, "in-progress")
        return recording

    def running(self, line: Line) -> list[Recording]:
        return [recording for recording in self.of(line) if recording.is_running]

    def of(self, line: Line) -> list[Recording]:
        return [recording for recording in list(self.all.values()) if recording.line is line]

    def pause(self, recording: Recording) -> None:
        if recording.status == "in-progress":
            recording.status, recording.paused_since_s = "paused", self._timeline.seconds()

    def resume(self, recording: Recording) -> None:
        if recording.status == "paused" and recording.paused_since_s is not None:
            recording.paused_s += self._timeline.seconds() - recording.paused_since_s
            recording.status, recording.paused_since_s = "in-progress", None

    def stop(self, recording: Recording, duration_s: float | None = None) -> None:
        """End it; it is processed and then reported. ``duration_s``: what is left after trimming, if known."""
        if not recording.is_running:
            return
        self.resume(recording)
        lasted_s = self._timeline.seconds() - recording.began_s - recording.paused_s
        recording.duration_s = lasted_s if duration_s is None else duration_s
        recording.ended_at = self._timeline.now()
        lines = recording.line.transcript[recording.first_line :]
        recording.said = [spoken.text for spoken in lines if spoken.who == "person"]
        recording.status = "processing"
        recording.line.callbacks_under_way += 1
        self._timeline.spawn(self._process(recording))

    def _process(self, recording: Recording) -> Script[None]:
        yield Pause(PROCESSING_S)
        recording.status = "completed" if recording.duration_s > 0 else "absent"
        self._report(recording, recording.status)
        recording.line.callbacks_under_way -= 1

    def _report(self, recording: Recording, event: str) -> None:
        callback = recording.callback
        if callback is None or event not in callback.events:
            return
        self._reporter.send(recording.line, callback, self.params(recording, event))

    def params(self, recording: Recording, event: str) -> dict[str, str]:
        params = {
            "AccountSid": recording.line.account_sid,
            "CallSid": recording.line.sid,
            "RecordingSid": recording.sid,
            "RecordingUrl": self._url(recording.sid),
            "RecordingStatus": event,
            "RecordingChannels": str(recording.channels),
            "RecordingSource": recording.source,
            "RecordingStartTime": rfc2822(recording.started_at),
            "RecordingTrack": recording.track,
        }
        if event != "in-progress":
            params["RecordingDuration"] = str(round(recording.duration_s))
        return params


def wav_of(recording: Recording) -> bytes:
    """The audio: 8 kHz, 16 bit, a quiet tone, with what was said as its comment."""
    seconds = min(LONGEST_AUDIO_S, recording.duration_s)
    period = array.array("h", (int(1000 * math.sin(2 * math.pi * step / 20)) for step in range(20)))
    frames = round(seconds * RATE_HZ)
    samples = (period * (frames // 20 + 1))[:frames]
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(samples.tobytes())
    return _with_comment(buffer.getvalue(), " ".join(recording.said))


def _with_comment(wav: bytes, comment: str) -> bytes:
    text = comment.encode() + b"\0"
    text += b"\0" * (len(text) % 2)
    info = b"INFOICMT" + struct.pack("<I", len(text)) + text
    chunks = wav[8:] + b"LIST" + struct.pack("<I", len(info)) + info
    return b"RIFF" + struct.pack("<I", len(chunks)) + chunks
