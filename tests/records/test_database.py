"""Opening a database: which kinds, which settings, and several writers at once."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine
from sqlmodel import Session, select

from voicebot.errors import ConfigurationError, EncryptionError, RecordConflict
from voicebot.records.columns import keyring_of
from voicebot.records.database import open_database, reading, transaction
from voicebot.records.tables import Programme, Site, SiteKind


@pytest.mark.parametrize("url", ["", "var/voicebot.db", "mysql://localhost/voicebot"])
def test_a_url_of_no_known_kind_is_refused(url: str, secret_key: bytes):
    with pytest.raises(ConfigurationError, match=r"database\.url"):
        open_database(url, secret_key)


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg2"])
def test_postgresql_is_always_reached_with_psycopg_3(scheme: str, secret_key: bytes):
    assert open_database(f"{scheme}://127.0.0.1/x", secret_key).driver == "psycopg"


def test_it_makes_the_folder_of_a_sqlite_file(tmp_path: Path, secret_key: bytes):
    open_database(f"sqlite:///{tmp_path}/new/deeper/voicebot.db", secret_key)
    assert (tmp_path / "new" / "deeper").is_dir()


def test_an_engine_opened_elsewhere_has_no_keys(secret_key: bytes):
    with pytest.raises(EncryptionError, match="open_database"):
        keyring_of(create_engine("sqlite://").dialect)


def test_sqlite_is_set_for_several_processes(tmp_path: Path, secret_key: bytes):
    engine = open_database(f"sqlite:///{tmp_path}/voicebot.db", secret_key)
    with engine.connect() as connection:
        settings = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "busy_timeout", "foreign_keys")
        }
    engine.dispose()
    assert settings == {"journal_mode": "wal", "synchronous": 1, "busy_timeout": 5, "foreign_keys": 1}


def test_a_missing_reference_is_a_conflict_that_tells_nothing_personal(engine: Engine):
    with pytest.raises(RecordConflict) as caught, transaction(engine) as db:
        db.add(Site(id="x", kind=SiteKind.DONG, name_ko="심곡2동", parent_id="nowhere"))
    assert "심곡2동" not in str(caught.value)


def test_writers_that_read_first_wait_for_each_other_instead_of_failing(engine: Engine):
    """Counting up by read and write: with deferred transactions SQLite would refuse the later writer."""
    with transaction(engine) as db:
        db.add(Programme(id="p", name_ko="0", category="", status=""))

    def count_up() -> None:
        for _ in range(10):
            with transaction(engine) as db:
                query = select(Programme).where(Programme.id == "p").with_for_update()
                programme = db.exec(query).one()
                programme.name_ko = str(int(programme.name_ko) + 1)
                db.add(programme)

    threads = [threading.Thread(target=count_up) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    with reading(engine) as db:
        assert db.exec(select(Programme.name_ko)).one() == "30"


def test_reading_does_not_wait_for_a_writer(engine: Engine):
    with transaction(engine) as writer:
        writer.add(Programme(id="p", name_ko="", category="", status=""))
        writer.flush()
        with reading(engine) as db:
            assert db.exec(select(Programme)).all() == []


def test_objects_stay_readable_after_their_transaction(engine: Engine):
    with transaction(engine) as db:
        programme = Programme(id="p", name_ko="통신요금 감면", category="", status="")
        db.add(programme)
    assert programme.name_ko == "통신요금 감면"
    with Session(engine) as db:
        assert db.get(Programme, "p") is not None


def test_a_writer_waits_for_another_longer_than_sqlites_own_patience(tmp_path: Path, secret_key: bytes):
    engine = open_database(f"sqlite:///{tmp_path}/voicebot.db", secret_key)
    with ThreadPoolExecutor(1) as pool:
        with engine.begin() as first:
            first.exec_driver_sql("CREATE TABLE waited (n INTEGER)")
            waiting = pool.submit(_insert_one, engine)
            time.sleep(0.2)
            assert not waiting.done()
        waiting.result(timeout=5)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT n FROM waited").scalar() == 1
    engine.dispose()


def _insert_one(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO waited VALUES (1)")
