"""Every setting of the house: read once from ``config.yaml`` and the environment, then frozen.

Secrets come from the environment alone (``VOICEBOT_SECRET_KEY``, ``TWILIO_AUTH_TOKEN`` …), never the file.
Relative paths in the file start at the project's root, wherever ``VOICEBOT_CONFIG`` lies.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import re
from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    model_validator,
)

from voicebot.datafiles import read_model
from voicebot.errors import ConfigurationError

PROJECT_ROOT = Path(__file__).resolve().parent.parent
SECRET_KEY_FILE = PROJECT_ROOT / "var" / "secret.key"
SIMULATED_CARRIER_URL = "http://127.0.0.1:8079"
"""Where the simulated carrier listens unless ``carrier.api_base_url`` says otherwise."""


def _as_e164(text: str) -> str:
    if not re.fullmatch(r"\+[1-9][0-9]{1,14}", text):
        raise ValueError('this is no E.164 number; write it like "+82323203000", in quotes')
    return text


def _as_time_of_day(text: str) -> str:
    if not re.fullmatch(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]", text):
        raise ValueError('this is no time of day; write HH:MM in quotes, e.g. "09:00"')
    return text


def is_on_this_machine(url: str) -> bool:
    """Whether ``url`` is plain http to a loopback address. A name that only begins like one is not."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        return parts.scheme == "http" and (host == "localhost" or ip_address(host).is_loopback)
    except ValueError:
        return False


def _is_https(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme == "https" and bool(parts.hostname)
    except ValueError:
        return False


def _as_safe_url(url: str) -> str:
    """What people said goes to this address: plain http stays on this machine."""
    if not is_on_this_machine(url) and not _is_https(url):
        raise ValueError(
            "this address is not safe; use https (plain http is accepted on loopback only), "
            "e.g. https://bot.city.example"
        )
    return url


def _as_bare_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.query or parts.fragment or "@" in parts.netloc:
        raise ValueError("this is more than an address; write scheme, host and path only")
    return url.rstrip("/")


def _holds_no_password(url: str) -> str:
    if "@" in urlsplit(url).netloc:
        raise ValueError("this address holds a password; take it out and name a secret_env instead")
    return url


PublicUrl = Annotated[str, AfterValidator(_as_safe_url), AfterValidator(_as_bare_url)]
SystemUrl = Annotated[str, AfterValidator(_as_safe_url), AfterValidator(_holds_no_password)]
"""The address of another system of the city, used exactly as it is written."""
E164 = Annotated[str, AfterValidator(_as_e164)]
TimeOfDay = Annotated[str, AfterValidator(_as_time_of_day)]
Line = Literal["duty", "outreach", "callback", "situation_room"]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CarrierSettings(_Section):
    """Who carries the calls."""

    kind: Literal["simulated", "twilio"] = "simulated"
    api_base_url: str | None = None
    """Where the Twilio SDK sends its requests. None: Twilio, or the simulated carrier's own address."""
    request_timeout_s: float = Field(default=10, gt=0, le=60)
    """The SDK's own default is to wait for ever; a placement that hangs must become "unknown"."""
    calls_per_second: float = Field(default=1, gt=0, le=100)
    """Twilio starts one call a second per account; what is faster only queues there."""
    ring_timeout_s: int = Field(default=40, ge=5, le=600)
    """Elders need time to reach the telephone: about eight rings."""
    detect_machine: bool = True
    """Ask the carrier to tell a mailbox from a person, without holding up the greeting (asynchronous)."""
    max_call_s: int = Field(default=1200, ge=60, le=14400)


class NumberSettings(_Section):
    """The city's own numbers. The dialled number decides the line (`POST /voice/incoming`)."""

    duty: E164
    outreach: E164
    callback: E164
    situation_room: E164

    def line_of(self, number: str) -> Line | None:
        """The line that ``number`` belongs to, or None when it is not one of the city's."""
        lines: tuple[Line, ...] = ("duty", "outreach", "callback", "situation_room")
        return next((line for line in lines if getattr(self, line) == number), None)


class SpeechSettings(_Section):
    """How the carrier speaks and listens (`facts`: Twilio Gather and Say, Korean)."""

    language: str = "ko-KR"
    voice: str = "Google.ko-KR-Neural2-A"
    """A Korean voice; the carrier's default voice is American and reads Korean as noise."""
    speech_model: str = "googlev2_telephony"
    timeout_s: int = Field(default=8, ge=3, le=60)
    """Silence before anything is said. Elders: 8 to 10 s."""
    speech_timeout_s: int = Field(default=3, ge=1, le=10)
    """Pause that ends an answer. Always an integer, never `auto`: `auto` cuts slow speakers off."""


class PromptSettings(_Section):
    play_audio: bool = True
    """False: every prompt is spoken with <Say>, recorded audio is left unused."""


class DeskSettings(_Section):
    """The telephones at which people take over a call."""

    staff: E164 | None = None
    """The welfare desk. None: the situation room takes these calls too."""
    situation_room: E164 | None = None
    """None: `numbers.situation_room`."""
    ring_timeout_s: int = Field(default=25, ge=5, le=120)


class OutreachSettings(_Section):
    """When residents may be rung, local time. No law sets hours for public notices (facts, domain §5)."""

    earliest: TimeOfDay = "09:00"
    latest: TimeOfDay = "18:00"
    department_ko: str = "부천시청 복지정책과"
    call_back_number: E164 | None = None
    """Spoken at the end of a call. None: `numbers.callback`."""

    @model_validator(mode="after")
    def _is_a_window(self) -> OutreachSettings:
        if self.earliest >= self.latest:
            raise ValueError("nobody could ever be rung; earliest must lie before latest")
        return self


class RecordingSettings(_Section):
    calls: bool = True
    """Record whole calls after the notice and the resident's consent."""
    keep_days: int = Field(default=60, ge=1)


class WelfareSettings(_Section):
    confirmations: str | None = None
    """The file in which an official confirms amounts (who, when, for which season). None: the one that ships,
    which confirms nothing; the demo city always uses its own."""


DutyEvent = Literal["ticket.created", "ticket.updated", "alarm.raised", "alarm.accepted"]


def _as_name_of_secret(text: str) -> str:
    """The text itself is not repeated: somebody may have written the secret instead of its name."""
    if not re.fullmatch(r"VOICEBOT_[A-Z0-9_]{1,56}", text):
        raise ValueError(
            "this is no name of an environment variable of ours; the secret stays out of the file: "
            "write a name like VOICEBOT_WEBHOOK_SECRET_CITY and set that variable"
        )
    return text


NameOfSecret = Annotated[str, AfterValidator(_as_name_of_secret)]


class WebhookSettings(_Section):
    """One of the city's systems that is told what happens at the duty desk."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")
    url: SystemUrl
    events: tuple[DutyEvent, ...] = Field(min_length=1)
    secret_env: NameOfSecret
    """The environment variable that holds the secret which events are signed with."""


class TextsGatewaySettings(_Section):
    """The city's registered gateway for texts, reached by signed HTTP."""

    url: SystemUrl
    secret_env: NameOfSecret


class DutySettings(_Section):
    """The duty desk (당직)."""

    roster: str = "intents/city/roster.yaml"
    advice: str = "intents/city/advice.yaml"
    accept_within_s: int = Field(default=120, ge=30, le=1800)
    """An officer who has not accepted by then is not the only one told: the next of the chain is."""
    webhooks: tuple[WebhookSettings, ...] = ()
    texts_gateway: TextsGatewaySettings | None = None
    """None: texts to officers go through the carrier."""

    @model_validator(mode="after")
    def _is_possible(self) -> DutySettings:
        names = [webhook.name for webhook in self.webhooks]
        if len(set(names)) < len(names):
            raise ValueError("two webhooks have one name; give each of webhooks a name of its own")
        return self

    def names_of_secrets(self) -> tuple[str, ...]:
        """The environment variables that the webhooks and the gateway name."""
        gateway = (self.texts_gateway.secret_env,) if self.texts_gateway else ()
        return (*(webhook.secret_env for webhook in self.webhooks), *gateway)


class ConsoleSettings(_Section):
    open_to_everyone: bool = False
    """True only in the demo city, whose people are invented. Otherwise the page answers 403."""


class DatabaseSettings(_Section):
    url: str = "sqlite:///var/voicebot.db"
    jobs_url: str | None = None
    """The job engine's own database. None: beside the main one (SQLite), or the same server (PostgreSQL)."""


class _File(_Section):
    """What may stand in ``config.yaml``."""

    city_ko: str = "부천시"
    public_url: PublicUrl
    numbers: NumberSettings
    carrier: CarrierSettings = CarrierSettings()
    speech: SpeechSettings = SpeechSettings()
    prompts: PromptSettings = PromptSettings()
    desks: DeskSettings = DeskSettings()
    outreach: OutreachSettings = OutreachSettings()
    recording: RecordingSettings = RecordingSettings()
    welfare: WelfareSettings = WelfareSettings()
    duty: DutySettings = DutySettings()
    console: ConsoleSettings = ConsoleSettings()
    database: DatabaseSettings = DatabaseSettings()
    dialogs_dir: str = "dialogs"
    audio_prompts_dir: str = "audio_prompts"
    dialog_of_line: dict[Line, str] = Field(default_factory=dict)
    """The dialog that answers each of the city's numbers."""


class Secrets(_Section):
    """From the environment only."""

    secret_key: SecretStr
    twilio_account_sid: str = ""
    twilio_auth_token: SecretStr = SecretStr("")
    twilio_auth_token_next: SecretStr = SecretStr("")
    """The second token while tokens are rotated: webhooks signed with either are genuine."""
    named: Mapping[str, SecretStr] = Field(default_factory=dict)
    """Those that the file names by their environment variable (``secret_env``), as far as they are set."""

    def auth_tokens(self) -> tuple[str, ...]:
        """The tokens that a webhook may be signed with. Empty: nothing is genuine (fail closed)."""
        tokens = (self.twilio_auth_token.get_secret_value(), self.twilio_auth_token_next.get_secret_value())
        return tuple(token for token in tokens if token)


class Settings(_File):
    """The file and the secrets together; what every constructor in ``app.py`` is given."""

    secrets: Secrets

    @property
    def dialogs_path(self) -> Path:
        return PROJECT_ROOT / self.dialogs_dir

    @property
    def audio_prompts_path(self) -> Path:
        return PROJECT_ROOT / self.audio_prompts_dir

    def desk(self, name: str) -> str:
        """The number of a desk that a dialog transfers to. Raises ConfigurationError for unknown desks."""
        room = self.desks.situation_room or self.numbers.situation_room
        numbers = {"staff": self.desks.staff or room, "situation_room": room}
        if name not in numbers:
            raise ConfigurationError(f"there is no desk '{name}' (known: {', '.join(numbers)})")
        return numbers[name]

    @property
    def roster_path(self) -> Path:
        return PROJECT_ROOT / self.duty.roster

    @property
    def advice_path(self) -> Path:
        return PROJECT_ROOT / self.duty.advice

    def secret(self, name: str) -> bytes:
        """The secret that a ``secret_env`` of the file names. Raises ConfigurationError when it is not set."""
        held = self.secrets.named.get(name)
        if held is None:
            raise ConfigurationError(
                f"config.yaml names the secret {name}, which is not set; export {name}=…"
            )
        return held.get_secret_value().encode()

    @property
    def carrier_url(self) -> str | None:
        """Where the carrier's REST API is; None: at Twilio itself."""
        if self.carrier.api_base_url:
            return self.carrier.api_base_url.rstrip("/")
        return SIMULATED_CARRIER_URL if self.carrier.kind == "simulated" else None

    @property
    def call_back_number(self) -> str:
        return self.outreach.call_back_number or self.numbers.callback


def load_settings(path: Path | None = None, environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings.

    ``path``: the file; else ``VOICEBOT_CONFIG``; else ``config.yaml`` at the project's root.
    Raises DataFileError for the file's faults and ConfigurationError for those of the environment.
    """
    env = os.environ if environment is None else environment
    chosen = path or Path(env.get("VOICEBOT_CONFIG") or PROJECT_ROOT / "config.yaml")
    file = read_model(chosen, _File)
    database = file.database
    if url := env.get("VOICEBOT_DATABASE_URL"):
        database = database.model_copy(update={"url": url})
    database = database.model_copy(update={"url": _rooted(database.url)})
    if database.jobs_url:
        database = database.model_copy(update={"jobs_url": _rooted(database.jobs_url)})
    parts = {name: getattr(file, name) for name in _File.model_fields}
    secrets = _secrets(env, is_simulated=file.carrier.kind == "simulated")
    named = {name: SecretStr(env[name]) for name in file.duty.names_of_secrets() if env.get(name)}
    secrets = secrets.model_copy(update={"named": named})
    return Settings(**{**parts, "database": database, "secrets": secrets})


def _secrets(env: Mapping[str, str], *, is_simulated: bool) -> Secrets:
    key = env.get("VOICEBOT_SECRET_KEY", "") or _key_from_file()
    raw = check_secret_key(key)
    sid, token = env.get("TWILIO_ACCOUNT_SID", ""), env.get("TWILIO_AUTH_TOKEN", "")
    if is_simulated and not (sid and token):
        sid, token = _simulated_account(raw)
    return Secrets(
        secret_key=SecretStr(key),
        twilio_account_sid=sid,
        twilio_auth_token=SecretStr(token),
        twilio_auth_token_next=SecretStr(env.get("TWILIO_AUTH_TOKEN_NEXT", "")),
    )


def _key_from_file() -> str:
    """The demo city's own key, made by `voicebot demo`; nothing else writes that file."""
    try:
        return SECRET_KEY_FILE.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def _simulated_account(secret: bytes) -> tuple[str, str]:
    """The simulated carrier's account: derived, so that its process and ours agree without a setting."""

    def derived(what: str) -> str:
        return hmac.new(secret, f"simulated carrier {what}".encode(), hashlib.sha256).hexdigest()[:32]

    return f"AC{derived('account')}", derived("token")


def check_secret_key(key: str) -> bytes:
    """The 32 bytes of a ``VOICEBOT_SECRET_KEY`` (URL-safe base64). Raises ConfigurationError."""
    remedy = (
        "set it to 32 random bytes in URL-safe base64, for example the output of: "
        'python -c "import base64, os; print(base64.urlsafe_b64encode(os.urandom(32)).decode())"'
    )
    if not key:
        raise ConfigurationError(f"VOICEBOT_SECRET_KEY is not set; {remedy}")
    try:
        raw = base64.b64decode(key.encode() + b"=" * (-len(key) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise ConfigurationError(f"VOICEBOT_SECRET_KEY is not URL-safe base64; {remedy}") from error
    if len(raw) != 32:
        raise ConfigurationError(f"VOICEBOT_SECRET_KEY holds {len(raw)} bytes instead of 32; {remedy}")
    if len(set(raw)) < 8:
        raise ConfigurationError(f"VOICEBOT_SECRET_KEY looks like a placeholder; {remedy}")
    return raw


def _rooted(url: str) -> str:
    """A relative SQLite path (three slashes) made absolute from the project's root."""
    prefix = "sqlite:///"
    if not url.startswith(prefix) or url.startswith("sqlite:////") or url == "sqlite:///:memory:":
        return url
    return f"{prefix}{PROJECT_ROOT / url.removeprefix(prefix)}"
