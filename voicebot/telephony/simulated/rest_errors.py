"""The REST API's refusals, in the shape the SDK reads: ``{code, message, more_info, status}``."""

from __future__ import annotations

from flask import Response, jsonify


class RestError(Exception):
    """A request is refused. ``code`` is Twilio's error code, ``status`` the HTTP status."""

    def __init__(self, status: int, code: int, message: str) -> None:
        self.status, self.code = status, code
        super().__init__(message)

    def response(self) -> Response:
        body = {
            "code": self.code,
            "message": str(self),
            "more_info": f"https://www.twilio.com/docs/errors/{self.code}",
            "status": self.status,
        }
        response = jsonify(body)
        response.status_code = self.status
        if self.status == 401:
            response.headers["WWW-Authenticate"] = 'Basic realm="Twilio API"'
        return response


def not_found(path: str) -> RestError:
    return RestError(404, 20404, f"The requested resource {path} was not found")
