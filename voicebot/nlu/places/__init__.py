"""Places of the city as they are spoken: found, and resolved to district and dong where that is certain. Pure."""

from voicebot.nlu.places.gazetteer import Meaning, places
from voicebot.nlu.places.resolve import PlaceFound, find_place, is_only_a_place

__all__ = ["Meaning", "PlaceFound", "find_place", "is_only_a_place", "places"]
