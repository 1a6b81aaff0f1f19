"""The simulated carrier: a telephone exchange with Twilio's interfaces, for newcomers, the demo and tests.

It knows nothing of the app behind the webhooks; it sees URLs and TwiML.
"""

from voicebot.telephony.simulated.caller import Caller
from voicebot.telephony.simulated.debugger import DebuggerEntry
from voicebot.telephony.simulated.exchange import SimulatedExchange
from voicebot.telephony.simulated.faults import Faults
from voicebot.telephony.simulated.in_process import InProcessHttpClient
from voicebot.telephony.simulated.lines import Line, Spoken
from voicebot.telephony.simulated.person_scripts import read_script, scripted_person
from voicebot.telephony.simulated.persons import (
    Busy,
    Dead,
    Declines,
    HangUp,
    Heard,
    Mailbox,
    Moment,
    NoAnswer,
    NotReached,
    Person,
    PicksUp,
    Press,
    Quiet,
    ScriptedPerson,
    Silence,
    Speak,
    Staff,
)
from voicebot.telephony.simulated.rest import create_carrier_app
from voicebot.telephony.simulated.terminal import TerminalPhone, typed
from voicebot.telephony.simulated.transport import (
    HttpTransport,
    Transport,
    TransportFailure,
    WebhookRequest,
    WebhookResponse,
    WsgiTransport,
)

__all__ = [
    "Busy",
    "Caller",
    "Dead",
    "DebuggerEntry",
    "Declines",
    "Faults",
    "HangUp",
    "Heard",
    "HttpTransport",
    "InProcessHttpClient",
    "Line",
    "Mailbox",
    "Moment",
    "NoAnswer",
    "NotReached",
    "Person",
    "PicksUp",
    "Press",
    "Quiet",
    "ScriptedPerson",
    "Silence",
    "SimulatedExchange",
    "Speak",
    "Spoken",
    "Staff",
    "TerminalPhone",
    "Transport",
    "TransportFailure",
    "WebhookRequest",
    "WebhookResponse",
    "WsgiTransport",
    "create_carrier_app",
    "read_script",
    "scripted_person",
    "typed",
]
