"""The errors that this server answers with, each with its HTTP status and a stable code.

::

    ServerError            500 internal
    ├── BadRequest         400 bad_request       the body or a header cannot be understood
    ├── Unauthorized       401 unauthorized      no credential, or an unknown, expired or revoked one
    ├── Forbidden          403 forbidden         a right credential, but not one for this; the message says which is
    ├── NotFound           404 not_found         nothing there, or nothing that this credential may see
    ├── Conflict           409 conflict          it does not fit what is here; the message says what is
    ├── TooLarge           413 too_large         a body over the limit
    ├── Unsupported        415 unsupported       a Content-Encoding or Content-Type that this server does not read
    ├── Invalid            422 invalid           well formed, but a value is not one that can be meant
    │   └── SessionDeleted 422 session_deleted   the session was deleted on purpose, and does not come back
    ├── Busy               429 busy              too much waits to be written; ``Retry-After`` says until when
    └── Unavailable        503 unavailable       storage did not take or give the data; nothing was acknowledged

A message says what is wrong, in which field, and what to do about it. It is shown to the client, so it never holds a
secret or another project's data.
"""

from typing import ClassVar


class ServerError(Exception):
    """The root: an error with a status, a stable code and a message for the client."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal"

    def __init__(self, message: str, *, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.headers = headers or {}


class BadRequest(ServerError):
    status = 400
    code = "bad_request"


class Unauthorized(ServerError):
    status = 401
    code = "unauthorized"


class Forbidden(ServerError):
    status = 403
    code = "forbidden"


class NotFound(ServerError):
    status = 404
    code = "not_found"


class Conflict(ServerError):
    status = 409
    code = "conflict"


class TooLarge(ServerError):
    status = 413
    code = "too_large"


class Unsupported(ServerError):
    status = 415
    code = "unsupported"


class Invalid(ServerError):
    status = 422
    code = "invalid"


class SessionDeleted(Invalid):
    code = "session_deleted"


class Busy(ServerError):
    status = 429
    code = "busy"

    def __init__(self, message: str, *, retry_after_s: int = 1) -> None:
        super().__init__(message, headers={"Retry-After": str(retry_after_s)})


class Unavailable(ServerError):
    status = 503
    code = "unavailable"
