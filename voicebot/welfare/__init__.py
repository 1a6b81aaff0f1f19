"""The catalogue of welfare programmes and the rules of entitlement: who may be offered what, in which words.

Pure apart from loading the data files; knows no calls, no database and no clock: days are passed in.
"""

from voicebot.welfare.catalogue import CONFIRMATIONS, DEMO_CONFIRMATIONS, Catalogue, load_catalogue
from voicebot.welfare.entitlement import Verdict, weigh_all
from voicebot.welfare.offers import Explanation, Offer, explain, offers_for
from voicebot.welfare.person import Person, birth_classes
from voicebot.welfare.statuses import Telling

__all__ = [
    "CONFIRMATIONS",
    "DEMO_CONFIRMATIONS",
    "Catalogue",
    "Explanation",
    "Offer",
    "Person",
    "Telling",
    "Verdict",
    "birth_classes",
    "explain",
    "load_catalogue",
    "offers_for",
    "weigh_all",
]
