"""The API keys of the reader's own project: made, listed, revoked."""

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from agentops_server.domain.clock import encode_time, find_time
from agentops_server.domain.ids import KeyId, find_uuid
from agentops_server.domain.project import ApiKey, Principal
from agentops_server.errors import Invalid, NotFound
from agentops_server.http import key_views as views
from agentops_server.http.credentials import authenticate_reader
from agentops_server.http.openapi import answers, takes
from agentops_server.http.receiving import received
from agentops_server.http.responses import json_response
from agentops_server.http.services import Services, services_of
from agentops_server.wire.body import decode_body

router = APIRouter(prefix="/v2/keys", tags=["keys"])

Reader = Annotated[Principal, Depends(authenticate_reader)]
MAX_BODY_BYTES = 10_000
LONGEST_LABEL = 200


@router.get("", responses=answers(views.KeysView))
def list_keys(request: Request, reader: Reader) -> Response:
    """The project's API keys, the oldest first, revoked ones too. The keys themselves are kept nowhere."""
    keys = services_of(request).control.list_keys(reader.project_id)
    return json_response(views.KeysView([view_key(key, reader) for key in keys]))


@router.post("", responses=answers(views.NewKeyView), openapi_extra=takes(views.KeyBody))
async def create_key(request: Request, reader: Reader) -> Response:
    """A new API key of the project. The answer shows it, this once."""
    services = services_of(request)
    async with received(request, services, MAX_BODY_BYTES) as data:
        label = decode_body(data, views.KeyBody).label.strip()
    if len(label) > LONGEST_LABEL:
        raise Invalid(f"label may have {LONGEST_LABEL} characters; shorten it")
    return await run_in_threadpool(_create, services, reader, label)


def _create(services: Services, reader: Principal, label: str) -> Response:
    key, text = services.keys.add(reader.project_id, label)
    return json_response(views.NewKeyView(api_key=text, key=view_key(key, reader)))


@router.delete("/{key_id}", responses=answers(views.KeyView))
def revoke_key(request: Request, reader: Reader, key_id: str) -> Response:
    """Revoke an API key for ever. It is refused from now on; a page that was signed in with it is signed out."""
    if (found := find_uuid(key_id)) is None:
        raise Invalid("the key id in the address must be a UUID")
    control = services_of(request).control
    key = control.find_key_by_id(KeyId(found))
    if key is None or key.project_id != reader.project_id:
        raise NotFound(f"no API key {found} in this project")
    return json_response(view_key(control.revoke_key(key.id), reader))


def view_key(key: ApiKey, reader: Principal) -> views.KeyView:
    """A key as its project's people see it."""
    return views.KeyView(
        id=str(key.id),
        label=key.label,
        hint=key.hint,
        created_at=encode_time(key.created_ns),
        last_used_at=find_time(key.last_used_ns),
        revoked_at=find_time(key.revoked_ns),
        is_own=key.id == reader.key_id,
    )
