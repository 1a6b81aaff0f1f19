"""An official's slip in a data file is found before a call, with its line and a remedy."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pytest

from voicebot.datafiles import parse_yaml, read_yaml, validate
from voicebot.errors import DataFileError, Problem
from voicebot.welfare import DEMO_CONFIRMATIONS, load_catalogue
from voicebot.welfare.catalogue import CONFIRMATIONS, DATA
from voicebot.welfare.catalogue_model import CatalogueFile
from voicebot.welfare.checks import Documents, Files, problems_in
from voicebot.welfare.overlay_model import ConditionsFile, ConfirmationsFile, SpokenFile

SIGNED = "confirmed: {by: 주무관 나새봄, on: 2026-11-02, season: {from: 2026-11-01, to: 2027-03-31}}"
HERE = Path("confirmations.yaml")


@lru_cache
def _shipped() -> Files:
    documents = Documents(
        *(read_yaml(path) for path in (DATA / "programmes.yaml", CONFIRMATIONS)),
        *(read_yaml(DATA / name) for name in ("conditions.yaml", "spoken.yaml")),
    )
    return Files(
        documents,
        validate(documents.programmes, CatalogueFile),
        validate(documents.confirmations, ConfirmationsFile),
        validate(documents.conditions, ConditionsFile),
        validate(documents.spoken, SpokenFile),
    )


def _problems(entry: str) -> list[Problem]:
    document = parse_yaml(f"confirmations:\n- {entry}\n  {SIGNED}\n", HERE)
    shipped = _shipped()
    documents = shipped.documents._replace(confirmations=document)
    confirmations = validate(document, ConfirmationsFile)
    return problems_in(Files(documents, shipped.catalogue, confirmations, shipped.conditions, shipped.spoken))


def test_the_shipped_files_are_sound_and_confirm_nothing() -> None:
    assert load_catalogue().confirmations == ()
    demo = {entry.programme for entry in load_catalogue(confirmations=DEMO_CONFIRMATIONS).confirmations}
    assert {"telecom_mobile", "electricity_welfare", "tv_licence"} <= demo


def test_every_line_of_the_catalogue_keeps_its_source() -> None:
    for programme in _shipped().catalogue.programmes:
        assert programme.source, programme.id
        for line in programme.what:
            assert line.source or programme.status == "not_found", programme.id


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        ("programme: telecom", "unknown-programme"),
        ("programme: consumer_coupon_2025", "confirmed-but-never-offered"),
        ("programme: tv_licence\n  class: basic_housing", "no-such-line"),
        ("programme: telecom_mobile\n  class: near_por", "no-such-line"),
        ("programme: electricity_welfare\n  case: household_of_1", "no-such-line"),
        ("programme: telecom_mobile\n  won: 33500", "ambiguous-figure"),
        ("programme: energy_voucher\n  class: basic_any\n  won: 300000", "ambiguous-figure"),
        ("programme: government_rice\n  class: basic_livelihood\n  won: 2500", "cannot-be-spoken"),
        (
            "programme: city_gas\n  class: basic_any\n  case: dec_mar_2025_26\n  won: 148000",
            "case-outside-season",
        ),
    ],
)
def test_it_finds_a_confirmation_that_fits_nothing_or_too_much(entry: str, code: str) -> None:
    problems = _problems(entry)
    assert [problem.code for problem in problems] == [code]
    assert problems[0].line is not None
    assert problems[0].line >= 2
    assert problems[0].remedy


def test_a_good_confirmation_has_no_problem() -> None:
    assert _problems("programme: city_gas\n  class: near_poor_gas_upper\n  won: 148000") == []


@pytest.mark.parametrize(
    "entry",
    [
        "programme: tv_licence\n  amount: 2500",
        "programme: tv_licence\n  won: 0",
        "programme: tv_licence\n  won: 이천오백",
        "programme: tv_licence\n  percent: 120",
    ],
)
def test_it_names_the_line_of_a_key_or_value_that_cannot_be(entry: str) -> None:
    with pytest.raises(DataFileError) as caught:
        _problems(entry)
    assert caught.value.problems[0].line == 3


def test_a_season_that_ends_before_it_begins_is_refused() -> None:
    text = SIGNED.replace("2027-03-31", "2026-03-31")
    document = parse_yaml(f"confirmations:\n- programme: tv_licence\n  {text}\n", HERE)
    with pytest.raises(DataFileError, match="ends before it begins"):
        validate(document, ConfirmationsFile)


def test_the_example_in_the_shipped_file_works_once_uncommented() -> None:
    lines = CONFIRMATIONS.read_text(encoding="utf-8").splitlines()
    start = next(number for number, line in enumerate(lines) if line == "# confirmations:")
    example = [line.removeprefix("# ") for line in lines[start:] if line.startswith("# ")]
    document = parse_yaml("\n".join(example), CONFIRMATIONS)
    shipped = _shipped()
    documents = shipped.documents._replace(confirmations=document)
    confirmations = validate(document, ConfirmationsFile)
    assert len(confirmations.confirmations) == 2
    assert not problems_in(
        Files(documents, shipped.catalogue, confirmations, shipped.conditions, shipped.spoken)
    )
