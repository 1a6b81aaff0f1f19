"""The city's offices as data."""

from collections import Counter
from pathlib import Path

import pytest
from sqlmodel import Session, select

from voicebot.errors import DataFileError, RecordNotFound
from voicebot.records import sites
from voicebot.records.tables import Programme, Site, SiteKind


def test_the_city_has_three_districts_thirty_seven_dongs_and_more_than_55_offices():
    kinds = Counter(site.kind for site in sites.read_sites())
    assert (kinds[SiteKind.CITY], kinds[SiteKind.DISTRICT], kinds[SiteKind.DONG]) == (1, 3, 37)
    assert kinds.total() >= 55


def test_districts_hold_twenty_ten_and_seven_dongs():
    """부천시, 2024-01-02: 원미구 20, 소사구 10, 오정구 7."""
    parents = Counter(site.parent for site in sites.read_sites() if site.kind is SiteKind.DONG)
    assert parents == {"wonmi": 20, "sosa": 10, "ojeong": 7}


@pytest.mark.parametrize(
    ("written", "site_id"),
    [
        ("심곡2동", "simgok2"),
        ("중4동", "jung4"),
        ("상1동", "sang1"),
        ("소사동", "sosadong"),
        ("소사구", "sosa"),
        ("심곡본1동", "simgokbon1"),
        ("simgok2", "simgok2"),
    ],
)
def test_a_site_is_found_by_name_or_id(db: Session, written: str, site_id: str):
    sites.seed_sites(db)
    assert sites.sites_by_name(db)[written] == site_id


def test_seeding_again_adds_nothing_and_mends_what_was_changed(db: Session):
    count = sites.seed_sites(db)
    sites.get_site(db, "simgok2").name_ko = "딴이름"
    assert sites.seed_sites(db) == count
    assert len(db.exec(select(Site)).all()) == count
    assert sites.get_site(db, "simgok2").name_ko == "심곡2동"


def test_an_unknown_site_is_not_found(db: Session):
    with pytest.raises(RecordNotFound, match="'atlantis'"):
        sites.get_site(db, "atlantis")


def test_a_faulty_file_of_sites_reports_every_problem_with_its_line(tmp_path: Path):
    path = tmp_path / "sites.yaml"
    path.write_text(
        "sources:\n"
        "  s: {url: 'https://example.org', as_of: '2026', tier: A}\n"
        "sites:\n"
        "  - {id: a, kind: dong, name_ko: 가동, parent: b, phone: null, source: s}\n"
        "  - {id: a, kind: dong, name_ko: 나동, parent: null, phone: null, source: t}\n"
    )
    with pytest.raises(DataFileError) as caught:
        sites.read_sites(path)
    assert [(problem.line, problem.code) for problem in caught.value.problems] == [
        (4, "unknown-parent"),
        (5, "duplicate-id"),
        (5, "unknown-source"),
    ]


def test_programmes_are_kept_and_brought_up_to_date(db: Session):
    for status in ("active", "ended"):
        sites.keep_programmes(
            db, [Programme(id="telecom", name_ko="통신", category="telecom", status=status)]
        )
    assert db.exec(select(Programme.status)).all() == ["ended"]
