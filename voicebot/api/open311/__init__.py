"""Open311 GeoReport v2 (wiki.open311.org/GeoReport_v2): tickets for the city's other programs, in JSON and XML."""

from voicebot.api.open311.pages import Open311, open311_blueprint

__all__ = ["Open311", "open311_blueprint"]
