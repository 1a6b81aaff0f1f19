"""The commands: what they print where, their exit codes, and that no fault of ours shows a traceback."""

from __future__ import annotations

import base64
import shutil
import socket
from pathlib import Path

import pytest
from sqlmodel import select

from tests.city import MALSUN, settle
from tests.cli.conftest import Run
from voicebot.cli.serve import options
from voicebot.clock import SystemClock
from voicebot.config import PROJECT_ROOT
from voicebot.records import people, schema
from voicebot.records.database import open_database, reading, transaction
from voicebot.records.tables import Call, Placement, Resident


@pytest.fixture
def database(
    tmp_path: Path, migrated_sqlite_file: Path, secret_key: bytes, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A settled city in a file that the commands find by the environment."""
    path = tmp_path / "voicebot.db"
    shutil.copyfile(migrated_sqlite_file, path)
    engine = open_database(f"sqlite:///{path}", secret_key)
    settle(engine)
    engine.dispose()
    monkeypatch.setenv("VOICEBOT_DATABASE_URL", f"sqlite:///{path}")
    return path


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "empty.db"
    monkeypatch.setenv("VOICEBOT_DATABASE_URL", f"sqlite:///{path}")
    return path


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """A database server that does not answer."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
    monkeypatch.setenv("VOICEBOT_DATABASE_URL", f"postgresql://nobody:hush-hush@127.0.0.1:{port}/voicebot")


def test_every_command_is_listed_and_explains_itself(run: Run) -> None:
    listed = run("--help")
    assert listed.code == 0
    for name in ("call", "db", "dialogs", "doctor", "phone", "residents", "serve", "understand", "worker"):
        assert f"  {name} " in listed.out
        assert run(name, "--help").code == 0
    assert run("dance").code == 2


def test_a_faulty_file_is_told_with_each_place_and_remedy(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("public_url: http://bot.example\nnumbers: 5\ncolour: red\n", encoding="utf-8")
    ran = run("db", "version", VOICEBOT_CONFIG=str(path))
    assert (ran.code, ran.out) == (1, "")
    assert "3 problem(s):" in ran.err
    for line in (1, 2, 3):
        assert f"{path}:{line}: " in ran.err
    assert ran.err.count("→") == 3


@pytest.mark.parametrize(
    "command", [["db", "version"], ["worker"], ["serve"], ["residents", "import", "x.csv"]]
)
def test_a_missing_secret_is_told_in_one_line(run: Run, command: list[str]) -> None:
    ran = run(*command, VOICEBOT_SECRET_KEY="abc")
    assert ran.code == 1
    assert ran.err.startswith("voicebot: VOICEBOT_SECRET_KEY ")


def test_a_server_that_could_verify_no_webhook_does_not_start(
    run: Run, database: Path, tmp_path: Path
) -> None:
    text = (PROJECT_ROOT / "config.yaml").read_text("utf-8")
    path = tmp_path / "twilio.yaml"
    path.write_text(text.replace("kind: simulated", "kind: twilio"), encoding="utf-8")
    ran = run("serve", VOICEBOT_CONFIG=str(path), TWILIO_AUTH_TOKEN="")
    assert ran.code == 1
    assert ran.err.startswith("voicebot: TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN ")


def test_the_database_is_made_told_and_taken_back(run: Run, empty: Path) -> None:
    newest = schema.newest()
    assert run("db", "version").out == f"database: none; program: {newest}\n"
    for _ in range(2):
        assert run("db", "upgrade").out == f"The database is at version {newest}.\n"
    assert run("db", "downgrade", "base", stdin=b"n\n").code == 1
    assert newest in run("db", "version").out.partition(";")[0]
    unknown = run("db", "downgrade", "--yes", "nonsense")
    assert unknown.code == 1
    assert "nonsense" in unknown.err
    assert "none" in run("db", "downgrade", "--yes", "base").out


@pytest.mark.parametrize(
    "command",
    [
        ["db", "version"],
        ["db", "upgrade"],
        ["serve"],
        ["call", "--dialog", "welfare_info", "--to", MALSUN],
    ],
)
@pytest.mark.usefixtures("nowhere")
def test_a_database_out_of_reach_is_told_without_its_password(run: Run, command: list[str]) -> None:
    ran = run(*command)
    assert ran.code == 1
    assert ran.err.startswith("voicebot: ")
    assert "hush-hush" not in ran.err + ran.out


@pytest.mark.parametrize("command", [["db", "version"], ["db", "upgrade"], ["serve"], ["doctor"]])
def test_a_file_that_is_no_database_is_told_in_one_line(run: Run, empty: Path, command: list[str]) -> None:
    empty.write_text("these are words, not a database\n" * 100, encoding="utf-8")
    ran = run(*command)
    assert ran.code == 1
    told = ran.out if command == ["doctor"] else ran.err
    assert "database" in told


@pytest.mark.usefixtures("nowhere")
def test_the_doctor_finds_the_database_out_of_reach_and_looks_on(run: Run) -> None:
    ran = run("doctor")
    assert ran.code == 1
    assert "✗ database" in ran.out
    assert "✓ dialogs" in ran.out
    assert "hush-hush" not in ran.out


def test_the_doctor_names_what_mends_a_database_that_is_not_made(run: Run, empty: Path) -> None:
    ran = run("doctor")
    assert ran.code == 1
    assert "→ voicebot db upgrade" in ran.out


def test_the_doctor_finds_a_well_city_well(run: Run, database: Path, tmp_path: Path) -> None:
    ran = run("doctor")
    assert (ran.code, ran.err) == (0, "")
    assert "✗" not in ran.out
    for name in ("settings", "database", "dialogs", "carrier", "public_url", "desks", "duty"):
        assert f"✓ {name}" in ran.out


def test_the_doctor_finds_what_would_only_fail_on_the_telephone(
    run: Run, database: Path, tmp_path: Path
) -> None:
    text = (PROJECT_ROOT / "config.yaml").read_text(encoding="utf-8")
    text = text.replace("duty: duty_desk", "duty: no_such_dialog").replace("kind: simulated", "kind: twilio")
    text = text.replace("staff: null  ", 'staff: "+8216880624"')
    text = text.replace(
        "texts_gateway: null", "texts_gateway: {url: https://t.example, secret_env: VOICEBOT_TEXTS}"
    )
    path = tmp_path / "config.yaml"
    path.write_text(text, encoding="utf-8")
    ran = run("doctor", VOICEBOT_CONFIG=str(path), TWILIO_AUTH_TOKEN="")
    assert ran.code == 1
    for found, remedy in [
        ("no_such_dialog", "config.yaml"),
        ("✗ carrier", "TWILIO_AUTH_TOKEN"),
        ("✗ public_url", "at which Twilio reaches"),
        ("✗ desks", "people's telephones"),
        ("✗ duty", "VOICEBOT_TEXTS"),
    ]:
        assert found in ran.out
        assert remedy in ran.out


def test_the_doctor_says_what_is_wrong_with_the_settings(run: Run, tmp_path: Path) -> None:
    ran = run("doctor", VOICEBOT_CONFIG=str(tmp_path / "none.yaml"))
    assert ran.code == 1
    assert "✗ settings" in ran.out
    assert "none.yaml" in ran.out


def test_nobody_who_opted_out_is_rung_and_the_reason_is_told(
    run: Run, database: Path, secret_key: bytes
) -> None:
    engine = open_database(f"sqlite:///{database}", secret_key)
    with transaction(engine) as db:
        people.opt_out(db, resident=db.exec(select(Resident)).one(), at=SystemClock().now(), source="test")
    ran = run("call", "--dialog", "welfare_info", "--to", "010-0000-0001")
    assert (ran.code, ran.out) == (1, "")
    assert "opted_out" in ran.err
    with reading(engine) as db:
        assert not db.exec(select(Call)).all()
    engine.dispose()


@pytest.mark.parametrize(
    ("dialog", "number", "code", "told"),
    [
        ("welfare_info", "12", 2, "--to"),
        ("welfare_info", "", 2, "--to"),
        ("nonsense", MALSUN, 1, "nonsense"),
    ],
)
def test_a_call_that_makes_no_sense_is_refused(
    run: Run, database: Path, dialog: str, number: str, code: int, told: str
) -> None:
    ran = run("call", "--dialog", dialog, "--to", number)
    assert (ran.code, ran.out) == (code, "")
    assert told in ran.err


def test_a_carrier_that_is_not_there_is_told_and_the_call_given_up(
    run: Run, database: Path, tmp_path: Path, secret_key: bytes
) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
    text = (PROJECT_ROOT / "config.yaml").read_text(encoding="utf-8")
    path = tmp_path / "config.yaml"
    path.write_text(
        text.replace("api_base_url: null", f"api_base_url: http://127.0.0.1:{port}"), encoding="utf-8"
    )
    ran = run("call", "--dialog", "welfare_info", "--to", MALSUN, VOICEBOT_CONFIG=str(path))
    assert ran.code == 2
    assert "not reached" in ran.err
    engine = open_database(f"sqlite:///{database}", secret_key)
    with reading(engine) as db:
        (call,) = db.exec(select(Call)).all()
        assert ran.out == f"{call.id}\n"
        assert call.placement is Placement.REFUSED
    engine.dispose()


WORKS_WITH_RECORDS = pytest.mark.parametrize(
    "command",
    [
        ["call", "--dialog", "welfare_info", "--to", MALSUN],
        ["serve"],
        ["worker"],
        ["residents", "import", "x.csv"],
    ],
)


@WORKS_WITH_RECORDS
def test_a_database_that_is_not_made_is_told_with_the_command_that_makes_it(
    run: Run, empty: Path, command: list[str]
) -> None:
    ran = run(*command)
    assert ran.code == 1
    assert "voicebot db upgrade" in ran.err


@WORKS_WITH_RECORDS
def test_records_of_another_secret_are_not_worked_with(
    run: Run, database: Path, tmp_path: Path, command: list[str]
) -> None:
    """Nobody would be found in them: neither a resident nor a refusal, and who refused would be rung."""
    real = tmp_path / "config.yaml"  # no demo city: an official's own file of amounts
    text = (PROJECT_ROOT / "config.yaml").read_text(encoding="utf-8")
    own = PROJECT_ROOT / "voicebot/welfare/data/confirmations.yaml"
    real.write_text(text.replace("confirmations: null", f"confirmations: {own}"), encoding="utf-8")
    other = base64.urlsafe_b64encode(bytes(range(100, 132))).decode()
    ran = run(*command, VOICEBOT_CONFIG=str(real), VOICEBOT_SECRET_KEY=other)
    assert (ran.code, ran.out) == (1, "")
    assert "another VOICEBOT_SECRET_KEY" in ran.err


def test_a_folder_that_cannot_be_made_is_told_in_one_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    ran = run("db", "upgrade", VOICEBOT_DATABASE_URL=f"sqlite:///{tmp_path}/file/below/voicebot.db")
    assert (ran.code, len(ran.err.splitlines())) == (1, 1)
    assert "cannot be made" in ran.err


CSV = (
    "external_id,name,birth_date,phones,site,address,household,classes,"
    "household_classes,household_size,uses_gas_heating,programmes_in_use\n"
)


def _csv(tmp_path: Path, *rows: str) -> str:
    path = tmp_path / "people.csv"
    path.write_text(CSV + "\n".join(rows) + "\n", encoding="utf-8")
    return str(path)


def test_residents_are_imported_and_twice_is_once(run: Run, database: Path, tmp_path: Path) -> None:
    path = _csv(tmp_path, "K-1,박영호,1950-02-03,010-0000-0002,simgok2,,,basic_livelihood,,,,")
    assert run("residents", "import", path, "--dry-run").out.startswith("1 would be added")
    assert run("residents", "import", path).out.startswith("1 were added")
    again = run("residents", "import", path)
    assert (again.code, again.out) == (0, "0 were added, 0 changed, 1 unchanged.\n")


def test_faults_of_a_register_are_told_with_their_lines_and_nothing_is_written(
    run: Run, database: Path, tmp_path: Path
) -> None:
    path = _csv(
        tmp_path,
        "K-1,박영호,1950-02-03,010-0000-0002,simgok2,,,basic_livelihood,,,,",
        "K-2,이순자,1950-13-03,010-0000-0003,simgok2,,,,,,,",
        "K-3,최길동,1950-01-03,12,nowhere,,,no_such_class,,,,",
    )
    ran = run("residents", "import", path)
    assert ran.code == 1
    assert "people.csv:3:" in ran.err
    assert "people.csv:4:" in ran.err
    assert "nothing was imported" in ran.err
    assert ran.out.startswith("0 were added")
    kept = run("residents", "import", path, "--keep-good")
    assert kept.out.startswith("1 were added")


@pytest.mark.parametrize("content", [None, b"", b"\xff\xfe\xfa\x00", b"a,b\n1,2\n"])
def test_a_register_that_cannot_be_read_is_named(
    run: Run, database: Path, tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "people.csv"
    if content is not None:
        path.write_bytes(content)
    ran = run("residents", "import", str(path))
    assert ran.code == 1
    assert "people.csv" in ran.err


def test_the_server_takes_addresses_as_long_as_the_carriers() -> None:
    chosen = options("127.0.0.1", 8080, workers=2, threads=4)
    assert chosen["bind"] == "127.0.0.1:8080"
    assert chosen["limit_request_line"] >= 4096
    assert chosen["timeout"] > 15  # the carrier's own patience: a worker must not be killed before it
