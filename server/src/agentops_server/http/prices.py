"""The routes of a project's prices: what is in force, and prices of its own."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from agentops_server.domain.clock import encode_time, now_ns
from agentops_server.domain.ids import find_uuid, new_uuid7
from agentops_server.domain.price import PriceOverride, PriceTier
from agentops_server.domain.project import Principal
from agentops_server.errors import Invalid
from agentops_server.http import views
from agentops_server.http.bodies import PriceBody
from agentops_server.http.credentials import authenticate_reader
from agentops_server.http.openapi import answers, takes
from agentops_server.http.receiving import received
from agentops_server.http.responses import json_response
from agentops_server.http.services import services_of
from agentops_server.wire.body import decode_body

router = APIRouter(prefix="/v2/prices", tags=["prices"])

Reader = Annotated[Principal, Depends(authenticate_reader)]
MAX_BODY_BYTES = 100_000


@router.get("", responses=answers(views.PricesView))
def list_prices(
    request: Request,
    reader: Reader,
    model: Annotated[str | None, Query(description="Also what this model costs.")] = None,
    provider: Annotated[str, Query(description="Its provider, as calls name it.")] = "",
    service_tier: Annotated[str, Query(description="flex, priority, batch or fast.")] = "",
    day: Annotated[str | None, Query(description="The day of the call, today by default: 2026-11-20.")] = None,
) -> Response:
    """The price list in force, the project's own prices, and what a model costs."""
    prices = services_of(request).book.of(reader.project_id)
    at = datetime.now(UTC).date() if day is None else _day(day, "day")
    listed = [] if model is None else prices.list_day(model, at, provider, service_tier)
    view = views.PricesView(
        price_list=prices.library.version,
        overrides=list(map(_view_override, prices.overrides)),
        prices=[
            views.ListedPriceView(each.clock, each.version, _texts(each.prices), _view_tiers(each.tiers))
            for each in listed
        ],
    )
    return json_response(view)


@router.put("", responses=answers(views.PriceOverrideView), openapi_extra=takes(PriceBody))
async def set_price(request: Request, reader: Reader) -> Response:
    """Set a price of the project's own, in place of the one for the same models from the same day."""
    services = services_of(request)
    async with received(request, services, MAX_BODY_BYTES) as data:
        override = _override(decode_body(data, PriceBody), reader)
    stored = await run_in_threadpool(services.control.price_overrides.set_override, override)
    return json_response(_view_override(stored))


@router.delete("/{price_id}", responses=answers(views.DoneView))
def remove_price(request: Request, reader: Reader, price_id: str) -> Response:
    """Remove one of the project's own prices."""
    if (found := find_uuid(price_id)) is None:
        raise Invalid("the price id in the address must be a UUID")
    services_of(request).control.price_overrides.remove_override(reader.project_id, found)
    return json_response(views.DoneView("Success"))


def _override(body: PriceBody, sender: Principal) -> PriceOverride:
    return PriceOverride(
        id=new_uuid7(),
        project_id=sender.project_id,
        pattern=body.model.strip().lower(),
        provider=body.provider.strip().lower(),
        effective_from=_day(body.effective_from, "effective_from"),
        effective_to=None if body.effective_to is None else _day(body.effective_to, "effective_to"),
        prices=_decode_prices(body.prices, "prices"),
        tiers=tuple(
            PriceTier(tier.above_input_tokens, _decode_prices(tier.prices, "tiers.prices")) for tier in body.tiers
        ),
        created_ns=now_ns(),
    )


def _decode_prices(prices: Mapping[str, str | float], field: str) -> dict[str, Decimal]:
    decoded = {}
    for unit, price in prices.items():
        try:
            decoded[unit] = Decimal(repr(price) if isinstance(price, float) else price)
        except InvalidOperation:
            raise Invalid(f"{field}.{unit:.40} must be an amount in US dollars") from None
    return decoded


def _day(text: str, field: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid(f"{field} must be a day like 2026-11-20") from None


def _view_override(override: PriceOverride) -> views.PriceOverrideView:
    return views.PriceOverrideView(
        id=str(override.id),
        model=override.pattern,
        provider=override.provider or None,
        effective_from=override.effective_from.isoformat(),
        effective_to=override.effective_to.isoformat() if override.effective_to else None,
        prices=_texts(override.prices),
        tiers=_view_tiers(override.tiers),
        created_at=encode_time(override.created_ns),
    )


def _view_tiers(tiers: Sequence[PriceTier]) -> list[views.PriceTierView]:
    return [views.PriceTierView(tier.above_input_tokens, _texts(tier.prices)) for tier in tiers]


def _texts(prices: Mapping[str, Decimal]) -> dict[str, str]:
    return {unit: f"{price:f}" for unit, price in prices.items()}
