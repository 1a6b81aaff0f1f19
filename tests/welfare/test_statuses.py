"""The status table covers the catalogue, and what it does not know is never told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.welfare.town import TODAY, offer, person, shipped_catalogue
from voicebot.welfare import Catalogue, Telling, explain
from voicebot.welfare.statuses import TELLING_BY_STATUS, telling_of


def _with_status(programme: str, status: str) -> Catalogue:
    catalogue = shipped_catalogue()
    changed = catalogue.programmes[programme].model_copy(update={"status": status})
    return replace(catalogue, programmes={**catalogue.programmes, programme: changed})


def test_it_knows_every_status_of_the_catalogue_and_no_other() -> None:
    used = {programme.status for programme in shipped_catalogue().programmes.values()}
    assert used == set(TELLING_BY_STATUS)
    assert len(used) == 22


@pytest.mark.parametrize(
    "status",
    [
        "not_found",
        "ended",
        "unconfirmed",
        "not_available_in_bucheon",
        "announced_2026",
        "announced_check_enacted",
        "2026_round_likely_closed",
        "a_status_nobody_has_seen",
        "Active",
        "",
    ],
)
def test_it_never_offers_what_is_over_announced_or_not_known(status: str) -> None:
    catalogue = _with_status("telecom_mobile", status)
    who = person("basic_livelihood")
    assert offer(who, "telecom_mobile", catalogue=catalogue) is None
    assert f"never_offered:{status}" in explain(who, "telecom_mobile", TODAY, catalogue=catalogue).reasons


def test_it_does_not_offer_itself_though_its_status_is_active() -> None:
    assert telling_of("bucheon_ai_welfare_call", "active") is Telling.NEVER


def test_old_unknown_and_approximate_figures_are_told_without_amount() -> None:
    doubtful = {
        status
        for status in TELLING_BY_STATUS
        if status.endswith(("_amounts_old", "_unknown", "_approx", "_unclear", "details_unconfirmed"))
    }
    assert {TELLING_BY_STATUS[status] for status in doubtful} == {Telling.OFFER_WITHOUT_AMOUNT}


def test_closing_soon_without_a_last_day_is_not_offered() -> None:
    catalogue = _with_status("telecom_mobile", "active_closing_soon")
    assert offer(person("basic_livelihood"), "telecom_mobile", catalogue=catalogue) is None
