"""The settings: every fault is named with file, line and remedy; secrets come from the environment alone."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest
import yaml

from voicebot.config import PROJECT_ROOT, SIMULATED_CARRIER_URL, Settings, check_secret_key, load_settings
from voicebot.errors import ConfigurationError, DataFileError

KEY = base64.urlsafe_b64encode(bytes(range(32))).decode()
ENVIRONMENT = {"VOICEBOT_SECRET_KEY": KEY}
LEAST = {
    "public_url": "https://bot.city.example",
    "numbers": {
        "duty": "+82323203000",
        "outreach": "+8216880624",
        "callback": "+82326252869",
        "situation_room": "+82326252119",
    },
}


def _file(tmp_path: Path, **changes: Any) -> Path:
    path = tmp_path / "config.yaml"
    path.write_text(
        yaml.safe_dump({**LEAST, **changes}, allow_unicode=True, sort_keys=False), encoding="utf-8"
    )
    return path


def _load(path: Path, **environment: str) -> Settings:
    return load_settings(path, {**ENVIRONMENT, **environment})


def test_the_shipped_file_is_valid_and_says_every_default() -> None:
    shipped = load_settings(PROJECT_ROOT / "config.yaml", ENVIRONMENT)
    least = load_settings(environment=ENVIRONMENT).model_copy(update={"dialog_of_line": {}})
    assert shipped.dialog_of_line.keys() == {"duty", "outreach", "callback", "situation_room"}
    for name in (
        "carrier",
        "speech",
        "prompts",
        "desks",
        "outreach",
        "recording",
        "welfare",
        "duty",
        "console",
    ):
        assert getattr(shipped, name) == type(getattr(least, name))(), name
    in_file = yaml.safe_load((PROJECT_ROOT / "config.yaml").read_text(encoding="utf-8"))
    for name in (
        "carrier",
        "speech",
        "desks",
        "outreach",
        "recording",
        "welfare",
        "duty",
        "console",
        "database",
    ):
        assert set(in_file[name]) == set(type(getattr(least, name)).model_fields), name


WEBHOOK = {
    "name": "city",
    "url": "https://tickets.city.example/voicebot/?from=bot",
    "events": ["ticket.created", "alarm.raised"],
    "secret_env": "VOICEBOT_WEBHOOK_SECRET_CITY",
}


def _webhook(**changes: Any) -> dict[str, Any]:
    return {"webhooks": [{**WEBHOOK, **changes}]}


FAULTS: list[tuple[dict[str, Any], str, str]] = [
    ({"public_url": "http://bot.city.example"}, "public_url", "https"),
    ({"public_url": "http://127.0.0.1.evil.example"}, "public_url", "https"),
    ({"public_url": "http://localhost.evil.example"}, "public_url", "https"),
    ({"public_url": "https://"}, "public_url", "https://bot.city.example"),
    ({"public_url": "bot.city.example"}, "public_url", "https"),
    ({"public_url": "https://bot.city.example/?a=1"}, "public_url", "scheme, host and path"),
    ({"public_url": "https://user:pass@bot.city.example"}, "public_url", "scheme, host and path"),
    ({"public_url": "https://[::1"}, "public_url", "https"),
    ({"public_url": 5}, "public_url", "quotes"),
    ({"numbers": {**LEAST["numbers"], "duty": 82323203000}}, "numbers.duty", "quotes"),  # type: ignore[dict-item]
    ({"numbers": {**LEAST["numbers"], "duty": "032-320-3000"}}, "numbers.duty", "+8232"),  # type: ignore[dict-item]
    ({"numbers": {"duty": "+82323203000"}}, "numbers.outreach", "add it"),
    ({"desks": {"staff": "1234"}}, "desks.staff", "+8232"),
    ({"carrier": {"kind": "vonage"}}, "carrier.kind", "'simulated' or 'twilio'"),
    ({"carrier": {"ring_timeout_s": 2}}, "carrier.ring_timeout_s", "5"),
    ({"carrier": {"ring_timeout_s": "long"}}, "carrier.ring_timeout_s", "whole number"),
    ({"carrier": {"detect_machine": "perhaps"}}, "carrier.detect_machine", "true or false"),
    ({"carrier": {"calls_per_second": 0}}, "carrier.calls_per_second", "0"),
    ({"carrier": "twilio"}, "carrier", "indented"),
    ({"carrier": {"colour": "red"}}, "carrier.colour", "correct or remove"),
    ({"speech": {"speech_timeout_s": "auto"}}, "speech.speech_timeout_s", "whole number"),
    ({"outreach": {"earliest": "9:00"}}, "outreach.earliest", "HH:MM"),
    ({"outreach": {"earliest": "25:00"}}, "outreach.earliest", "HH:MM"),
    ({"outreach": {"latest": "18:60"}}, "outreach.latest", "HH:MM"),
    ({"outreach": {"earliest": "18:00", "latest": "09:00"}}, "outreach", "earliest"),
    ({"recording": {"keep_days": 0}}, "recording.keep_days", "1"),
    ({"duty": {"accept_within_s": 5}}, "duty.accept_within_s", "30"),
    ({"duty": _webhook(url="http://tickets.city.example")}, "duty.webhooks.0.url", "https"),
    ({"duty": _webhook(url="https://bot:pw@tickets.city.example")}, "duty.webhooks.0.url", "secret_env"),
    ({"duty": _webhook(events="ticket.created")}, "duty.webhooks.0.events", "a list"),
    ({"duty": _webhook(events=[])}, "duty.webhooks.0.events", "1"),
    ({"duty": _webhook(name="City!")}, "duty.webhooks.0.name", "form"),
    ({"duty": _webhook(secret_env="s3cret")}, "duty.webhooks.0.secret_env", "VOICEBOT_WEBHOOK_SECRET_CITY"),
    ({"duty": {"webhooks": [WEBHOOK, WEBHOOK]}}, "duty", "a name of its own"),
    (
        {"duty": {"texts_gateway": {"url": "ftp://x", "secret_env": "VOICEBOT_TEXTS"}}},
        "texts_gateway.url",
        "https",
    ),
    ({"dialog_of_line": {"night": "callback"}}, "dialog_of_line.night", "'duty'"),
    ({"secrets": {"secret_key": "x"}}, "secrets", "correct or remove"),
    ({"twilio_auth_token": "x"}, "twilio_auth_token", "correct or remove"),
]


@pytest.mark.parametrize(("changes", "where", "remedy"), FAULTS)
def test_each_fault_is_named_with_file_line_and_remedy(
    tmp_path: Path, changes: dict[str, Any], where: str, remedy: str
) -> None:
    path = _file(tmp_path, **changes)
    with pytest.raises(DataFileError) as caught:
        _load(path)
    told = [problem for problem in caught.value.problems if where in problem.message]
    assert told, str(caught.value)
    for problem in told:
        assert problem.path == str(path)
        assert problem.line is not None
        assert problem.remedy
        assert remedy in f"{problem.message} {problem.remedy}"
        key = where.rpartition(".")[2]
        line = path.read_text(encoding="utf-8").splitlines()[problem.line - 1]
        assert key in line or where.split(".")[0] in line


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    path = _file(tmp_path, colour="red", carrier={"kind": "vonage", "ring_timeout_s": 1})
    with pytest.raises(DataFileError) as caught:
        _load(path)
    assert len(caught.value.problems) == 3


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match=r"nowhere\.yaml"):
        load_settings(environment={**ENVIRONMENT, "VOICEBOT_CONFIG": str(tmp_path / "nowhere.yaml")})


@pytest.mark.parametrize("text", ["", "# nothing\n", "[1, 2]\n", "just words\n"])
def test_a_file_that_holds_no_settings_says_so(tmp_path: Path, text: str) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataFileError) as caught:
        _load(path)
    assert all(problem.remedy for problem in caught.value.problems)


@pytest.mark.parametrize(
    "url",
    [
        "https://bot.city.example",
        "https://bot.city.example:8443/bot/",
        "http://127.0.0.1:8080",
        "http://localhost",
        "http://[::1]:8080",
        "http://127.9.9.9",
    ],
)
def test_https_everywhere_and_plain_http_on_this_machine(tmp_path: Path, url: str) -> None:
    assert _load(_file(tmp_path, public_url=url)).public_url == url.rstrip("/")


def test_the_environment_names_file_database_and_account(tmp_path: Path) -> None:
    path = _file(tmp_path, carrier={"kind": "twilio"}, database={"url": "sqlite:///other.db"})
    settings = load_settings(
        environment={
            **ENVIRONMENT,
            "VOICEBOT_CONFIG": str(path),
            "VOICEBOT_DATABASE_URL": "postgresql://db.city.example/voicebot",
            "TWILIO_ACCOUNT_SID": "AC1",
            "TWILIO_AUTH_TOKEN": "now",
            "TWILIO_AUTH_TOKEN_NEXT": "next",
        }
    )
    assert settings.carrier.kind == "twilio"
    assert settings.database.url == "postgresql://db.city.example/voicebot"
    assert settings.secrets.twilio_account_sid == "AC1"
    assert settings.secrets.auth_tokens() == ("now", "next")
    assert settings.carrier_url is None


def test_the_duty_desk_names_its_secrets_and_the_environment_holds_them(tmp_path: Path) -> None:
    gateway = {"url": "http://127.0.0.1:9000/texts", "secret_env": "VOICEBOT_TEXTS_SECRET"}
    path = _file(
        tmp_path, duty={"webhooks": [WEBHOOK], "texts_gateway": gateway, "roster": "here/roster.yaml"}
    )
    settings = _load(path, VOICEBOT_WEBHOOK_SECRET_CITY="hush", VOICEBOT_OTHER="not asked for")
    assert settings.secret("VOICEBOT_WEBHOOK_SECRET_CITY") == b"hush"
    assert set(settings.secrets.named) == {"VOICEBOT_WEBHOOK_SECRET_CITY"}
    with pytest.raises(ConfigurationError, match="VOICEBOT_TEXTS_SECRET"):
        settings.secret("VOICEBOT_TEXTS_SECRET")
    assert "hush" not in repr(settings)
    assert settings.duty.webhooks[0].url == WEBHOOK["url"]
    assert settings.roster_path == PROJECT_ROOT / "here" / "roster.yaml"


def test_a_secret_that_was_written_into_the_file_is_not_repeated_in_the_complaint(tmp_path: Path) -> None:
    with pytest.raises(DataFileError) as caught:
        _load(_file(tmp_path, duty=_webhook(secret_env="s3cret-of-the-city")))
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("sqlite:///var/x.db", f"sqlite:///{PROJECT_ROOT}/var/x.db"),
        ("sqlite:////srv/x.db", "sqlite:////srv/x.db"),
        ("sqlite:///:memory:", "sqlite:///:memory:"),
        ("sqlite://", "sqlite://"),
        ("postgresql://h/d", "postgresql://h/d"),
    ],
)
def test_relative_paths_start_at_the_project_wherever_the_file_lies(
    tmp_path: Path, written: str, read: str
) -> None:
    path = _file(tmp_path, database={"url": written, "jobs_url": written}, dialogs_dir="flows")
    settings = _load(path)
    assert (settings.database.url, settings.database.jobs_url) == (read, read)
    assert _load(path, VOICEBOT_DATABASE_URL=written).database.url == read
    assert settings.dialogs_path == PROJECT_ROOT / "flows"
    assert _load(_file(tmp_path, dialogs_dir="/srv/flows")).dialogs_path == Path("/srv/flows")


@pytest.mark.parametrize(
    ("key", "fault"),
    [
        ("", "is not set"),
        ("한글", "is not URL-safe base64"),
        ("no spaces!", "is not URL-safe base64"),
        (base64.urlsafe_b64encode(bytes(range(31))).decode(), "holds 31 bytes instead of 32"),
        (base64.urlsafe_b64encode(b"x" * 32).decode(), "placeholder"),
        (base64.urlsafe_b64encode(b"changeme" * 4).decode()[:43] + "=" * 9, "base64"),
        ("A", "base64"),
    ],
)
def test_a_bad_secret_key_is_refused_with_the_command_that_makes_one(key: str, fault: str) -> None:
    with pytest.raises(ConfigurationError, match=f"VOICEBOT_SECRET_KEY.*{fault}") as caught:
        check_secret_key(key)
    assert "os.urandom(32)" in str(caught.value)
    assert not key or len(key) < 5 or key not in str(caught.value)


def test_a_key_may_come_without_its_padding() -> None:
    assert check_secret_key(KEY.rstrip("=")) == check_secret_key(KEY) == bytes(range(32))


def test_secrets_do_not_show_when_settings_are_printed(tmp_path: Path) -> None:
    settings = _load(_file(tmp_path), TWILIO_ACCOUNT_SID="AC1", TWILIO_AUTH_TOKEN="tell-nobody")
    assert "tell-nobody" not in repr(settings) + str(settings) + settings.model_dump_json()
    assert KEY not in repr(settings)


def test_settings_are_frozen(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="frozen"):
        _load(_file(tmp_path)).public_url = "https://elsewhere.example"  # type: ignore[misc]


def test_the_simulated_account_is_the_same_in_every_process_and_only_there(tmp_path: Path) -> None:
    first, second = _load(_file(tmp_path)), _load(_file(tmp_path))
    assert first.secrets.twilio_account_sid == second.secrets.twilio_account_sid
    assert len(first.secrets.twilio_account_sid) == 34
    assert first.secrets.auth_tokens() == second.secrets.auth_tokens() != ()
    assert first.carrier_url == SIMULATED_CARRIER_URL
    real = _load(_file(tmp_path, carrier={"kind": "twilio"}))
    assert real.secrets.auth_tokens() == ()


def test_numbers_and_desks_are_found(tmp_path: Path) -> None:
    settings = _load(_file(tmp_path, desks={"staff": "+82323259999"}))
    assert settings.numbers.line_of("+8216880624") == "outreach"
    assert settings.numbers.line_of("+821000000001") is None
    assert settings.desk("staff") == "+82323259999"
    assert settings.desk("situation_room") == "+82326252119"
    assert _load(_file(tmp_path)).desk("staff") == "+82326252119"
    with pytest.raises(ConfigurationError, match="staff, situation_room"):
        settings.desk("kitchen")
    assert settings.call_back_number == "+82326252869"
