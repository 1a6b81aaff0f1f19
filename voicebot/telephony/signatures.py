"""Are webhooks genuine? Twilio's signature over the public address and the form, checked with the SDK.

The address signed is the one the carrier was given: ``public_url`` and the request target exactly as it came
over the wire. Flask's ``request.url`` is an IRI whose escapes are decoded; genuine signatures fail over it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from twilio.request_validator import RequestValidator

from voicebot.errors import WebhookRefused

SIGNATURE_HEADER = "X-Twilio-Signature"


class SignatureVerifier:
    """Verifies with every token that may be in force; with none nothing is genuine."""

    def __init__(self, public_url: str, tokens: Sequence[str]) -> None:
        self._public_url = public_url.rstrip("/")
        self._validators = [RequestValidator(token) for token in tokens]

    def is_genuine(self, url: str, body: Mapping[str, object] | str | None, signature: str | None) -> bool:
        """``url``: as the carrier was given it; ``body``: the form (repeated keys kept), or raw JSON text.

        What the SDK cannot decide (it raises) is not genuine.
        """
        if not signature:
            return False
        return any(self._holds(validator, url, body, signature) for validator in self._validators)

    def require(self, target: str, body: Mapping[str, object] | str, signature: str | None) -> None:
        """``target``: the raw request target, path and query. Raises WebhookRefused (403)."""
        if not self.is_genuine(self._public_url + target, body, signature):
            raise WebhookRefused("the request is not signed by the carrier")

    @staticmethod
    def _holds(
        validator: RequestValidator, url: str, body: Mapping[str, object] | str | None, signature: str
    ) -> bool:
        try:
            return bool(validator.validate(url, body, signature))
        except (TypeError, ValueError, AttributeError, UnicodeError):
            # The SDK raises for a body without its hash and for odd ports: undecided is refused.
            return False


def raw_target(environ: Mapping[str, object]) -> str:
    """The request target as it came over the wire, whichever server runs (gunicorn, werkzeug).

    Raises WebhookRefused (400) when the server does not tell: guessing would verify the wrong thing.
    """
    target = environ.get("RAW_URI") or environ.get("REQUEST_URI")
    if not isinstance(target, str) or not target:
        raise WebhookRefused("the server does not pass the raw request target on", status=400)
    if target.startswith("/"):
        return target
    scheme, found, rest = target.partition("://")
    if not found or not scheme:
        raise WebhookRefused("the request target is not a path", status=400)
    slash = rest.find("/")
    return rest[slash:] if slash >= 0 else "/"
