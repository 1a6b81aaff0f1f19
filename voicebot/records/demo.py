"""Fills the demo city: made-up residents, households and staff, the same ones every time.

Every telephone number begins with 010-0, a range in which no subscriber has a number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from random import Random

from sqlalchemy import delete
from sqlmodel import Session, col

from voicebot.clock import Clock, in_seoul
from voicebot.records import audit, people
from voicebot.records.demo_people import Profile, name_for, profile_for
from voicebot.records.sites import seed_sites, sites_of
from voicebot.records.tables import (
    Household,
    PhoneNumber,
    ProgrammeUse,
    Resident,
    Site,
    SiteKind,
    Staff,
    UseState,
)

FIRST_RESIDENT_NUMBER = "+821000000001"
"""Kim Mal-sun's: 78, 심곡2동, three and more unused programmes. Outside programs ring her."""

_SOURCE = "demo"
FIRST_EXTERNAL_ID = "DEMO-0001"
_SEED = 20261124
_SECOND_NUMBERS = 5_000_000
_STAFF_NUMBERS = 9_000_000
_KIM_MALSUN = Profile(
    share=0,
    ages=(78, 78),
    classes=("basic_livelihood", "basic_medical", "disabled_severe", "basic_pension"),
    household_classes=("single_person_household",),
)


@dataclass(frozen=True)
class DemoCity:
    """How many of each were made; all 0 when the city was there already."""

    residents: int = 0
    households: int = 0
    staff: int = 0


def fill_demo_city(
    db: Session, *, clock: Clock, programme_ids: Sequence[str], residents: int = 240
) -> DemoCity:
    """Make the demo city in the caller's transaction; a second time nothing happens.

    ``programme_ids``: programmes that some residents use already; they must be stored
    (`sites.keep_programmes`).
    """
    seed_sites(db)
    if people.find_resident_by_external_id(db, FIRST_EXTERNAL_ID) is not None:
        return DemoCity()
    builder = _Builder(db, clock.now(), tuple(programme_ids))
    for number in range(1, residents + 1):
        builder.add(number)
    staff = _add_staff(db)
    audit.record(
        db,
        at=clock.now(),
        actor=_SOURCE,
        action="demo.filled",
        subject="residents",
        detail={"residents": residents, "staff": staff},
    )
    db.flush()
    return DemoCity(residents, builder.households, staff)


def begin_again_with_first_resident(db: Session, *, clock: Clock) -> None:
    """Take back what earlier demonstrations taught of Kim Mal-sun (a refusal, programmes in use, her pace), so
    that the demo shows the same call every time. She is made up; nobody else is touched."""
    resident = people.find_resident_by_external_id(db, FIRST_EXTERNAL_ID)
    if resident is None:
        return
    resident.opted_out_at = resident.deceased_reported_at = resident.moved_reported_at = None
    resident.pace = {}
    for phone in people.phones_of(db, resident):
        phone.is_wrong = False
        db.add(phone)
    db.add(resident)
    db.execute(delete(ProgrammeUse).where(col(ProgrammeUse.resident_id) == resident.id))
    audit.record(
        db, at=clock.now(), actor=_SOURCE, action="demo.begun_again", subject=f"resident:{resident.id}"
    )
    db.flush()


class _Builder:
    """Adds residents one after the other; chance is seeded by the number, so each is the same every time."""

    def __init__(self, db: Session, at: datetime, programme_ids: tuple[str, ...]) -> None:
        self.db, self.at, self.programme_ids = db, at, programme_ids
        self.year = in_seoul(at).year
        self.districts = {site.id: site.name_ko for site in sites_of(db, SiteKind.DISTRICT)}
        self.dongs = sites_of(db, SiteKind.DONG)
        self.households = 0
        self.previous: Resident | None = None

    def add(self, number: int) -> None:
        chance = Random(_SEED + number)  # noqa: S311 (no secret: the same city every time)
        is_first = number == 1
        is_partner = number % 30 == 11
        profile = _KIM_MALSUN if is_first else profile_for(chance)
        if is_partner and self.previous is not None:
            household_id, site_id = self.previous.household_id, self.previous.site_id
        else:
            site = self._dong("simgok2") if is_first else self.dongs[number % len(self.dongs)]
            shape = _with_partner(profile) if number % 30 == 10 else profile
            household_id, site_id = self._household(site, number, shape, chance).id, site.id
        age = chance.randint(*profile.ages)
        resident = people.add_resident(
            self.db,
            site_id=site_id,
            household_id=household_id,
            external_id=f"DEMO-{number:04d}",
            name="김말순" if is_first else name_for(chance, age),
            birth_date=date(self.year - age, chance.randint(1, 10), chance.randint(1, 28)),
            classes=profile.classes,
        )
        self._give_phones(resident, number)
        self._give_history(resident, number, profile)
        if not is_first:
            self._give_uses(resident, chance)
        self.previous = resident

    def _dong(self, site_id: str) -> Site:
        return next(site for site in self.dongs if site.id == site_id)

    def _household(self, site: Site, number: int, profile: Profile, chance: Random) -> Household:
        district = self.districts[site.parent_id or ""]
        household = Household(
            external_id=f"DEMO-H{number:04d}",
            site_id=site.id,
            address=f"부천시 {district} {site.name_ko} 가상로 {chance.randint(1, 300)}",
            size=profile.household_size,
            classes=list(profile.household_classes),
            uses_gas_heating=chance.choice((True, True, True, False, None)),
        )
        self.db.add(household)
        self.db.flush()
        self.households += 1
        return household

    def _give_phones(self, resident: Resident, number: int) -> None:
        """Mostly one number of their own; some share it, have two, have one that a child answers, or none."""
        if number % 120 == 88:
            return
        owner = number - 1 if number % 30 == 11 else number
        holder = {7: "딸", 27: "아들"}.get(number % 40)
        first = people.add_phone(self.db, resident=resident, number=_mobile(owner), holder=holder)
        if number % 12 == 5:
            people.add_phone(self.db, resident=resident, number=_mobile(_SECOND_NUMBERS + number))
        if number % 84 == 53:
            self._mark_wrong(resident, first)

    def _mark_wrong(self, resident: Resident, phone: PhoneNumber) -> None:
        people.mark_wrong_number(self.db, resident=resident, phone=phone, at=self.at, source=_SOURCE)

    def _give_history(self, resident: Resident, number: int, profile: Profile) -> None:
        """What earlier calls would have left: opt-outs, a move, a death, and how slowly to speak."""
        if number % 60 == 23:
            people.opt_out(self.db, resident=resident, at=self.at, source=_SOURCE)
        if number % 110 == 77:
            people.mark_moved(self.db, resident=resident, at=self.at, source=_SOURCE)
        if number % 200 == 150:
            people.mark_deceased(self.db, resident=resident, at=self.at, source=_SOURCE)
        if "disabled_hearing" in profile.classes or number % 25 == 9:
            pace = {"rate_percent": 85, "extra_pause_s": 1, "louder": True}
            people.remember_pace(self.db, resident=resident, pace=pace)
        if number % 70 == 31:
            people.remember_pace(self.db, resident=resident, pace={"keypad_only": True})

    def _give_uses(self, resident: Resident, chance: Random) -> None:
        count = min(chance.choice((0, 0, 1, 1, 2, 3)), len(self.programme_ids))
        for programme_id in chance.sample(self.programme_ids, count):
            people.use_programme(
                self.db,
                resident=resident,
                programme_id=programme_id,
                state=UseState.USING,
                at=self.at,
                source=_SOURCE,
            )


def _add_staff(db: Session) -> int:
    """A social worker at every dong and district; the other officers in the city hall."""
    posts = [
        (site.id, "social_worker")
        for kind in (SiteKind.DONG, SiteKind.DISTRICT)
        for site in sites_of(db, kind)
    ]
    city_hall = (
        "campaign_officer",
        "campaign_officer",
        "duty_officer",
        "duty_officer",
        "duty_officer",
        "auditor",
    )
    posts += [("bucheon", role) for role in city_hall]
    for number, (site_id, role) in enumerate(posts, start=1):
        name = name_for(Random(_SEED - number), age=40)  # noqa: S311
        db.add(Staff(site_id=site_id, name=name, role=role, phone=_mobile(_STAFF_NUMBERS + number)))
    db.flush()
    return len(posts)


def _with_partner(profile: Profile) -> Profile:
    """The same person, but the next resident lives in the household too."""
    classes = tuple(name for name in profile.household_classes if name != "single_person_household")
    return replace(profile, household_classes=classes, household_size=max(2, profile.household_size))


def _mobile(number: int) -> str:
    return f"+82100{number:07d}"
