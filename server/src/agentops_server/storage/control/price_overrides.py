"""The prices that projects set for themselves, in the control store."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row, delete, insert, select
from sqlalchemy.exc import IntegrityError

from agentops_server.domain.ids import ProjectId
from agentops_server.domain.price import PriceOverride, PriceTier, check_override
from agentops_server.errors import Conflict, Invalid, NotFound
from agentops_server.storage.control.engine import Transactions
from agentops_server.storage.control.remembered import Remembered
from agentops_server.storage.control.schema import price_overrides, projects

MOST_OVERRIDES = 1000


class _Tier(msgspec.Struct):
    above_input_tokens: int
    prices: dict[str, Decimal]


class _Prices(msgspec.Struct):
    prices: dict[str, Decimal]
    tiers: list[_Tier]


class PriceOverrides:
    """Overrides, each written once and replaced as a whole. Every method is one transaction."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions
        self._ids: Remembered[ProjectId, Sequence[UUID]] = Remembered(transactions.file)

    def list_override_ids(self, project_id: ProjectId) -> Sequence[UUID]:
        """The ids of a project's overrides, in one order. It is cheap to ask again."""
        return self._ids.find(project_id, lambda: self._list_ids(project_id))

    def _list_ids(self, project_id: ProjectId) -> Sequence[UUID]:
        columns = select(price_overrides.c.id).where(price_overrides.c.project_id == project_id)
        with self._transactions.reading() as connection:
            return connection.execute(columns.order_by(price_overrides.c.id)).scalars().all()

    def list_overrides(self, project_id: ProjectId) -> list[PriceOverride]:
        """A project's overrides, in the same order."""
        chosen = select(price_overrides).where(price_overrides.c.project_id == project_id)
        with self._transactions.reading() as connection:
            return [_from_row(row) for row in connection.execute(chosen.order_by(price_overrides.c.id))]

    def set_override(self, override: PriceOverride) -> PriceOverride:
        """Store an override in place of the one for the same models from the same day.

        Raises:
            Invalid: It cannot be meant; the message names the field.
            NotFound: There is no such project.
            Conflict: The project has as many as it may have, or somebody sets the same one at this moment.
        """
        try:
            check_override(override)
        except ValueError as error:
            raise Invalid(str(error)) from None
        try:
            with self._transactions.writing() as connection:
                connection.execute(delete(price_overrides).where(_same(override)))
                own = select(price_overrides.c.id).where(price_overrides.c.project_id == override.project_id)
                if len(connection.execute(own).all()) >= MOST_OVERRIDES:
                    raise Conflict(f"the project has {MOST_OVERRIDES} prices of its own; remove some first")
                connection.execute(insert(price_overrides).values(**_values(override)))
        except IntegrityError as error:
            if not self._has_project(override.project_id):
                raise NotFound("There is no such project") from error
            raise Conflict("somebody set a price for the same models at the same moment; set it again") from error
        return override

    def _has_project(self, project_id: ProjectId) -> bool:
        with self._transactions.reading() as connection:
            return connection.execute(select(projects.c.id).where(projects.c.id == project_id)).first() is not None

    def remove_override(self, project_id: ProjectId, override_id: UUID) -> None:
        """Remove an override; raise `NotFound` where the project has none with this id."""
        chosen = (price_overrides.c.project_id == project_id) & (price_overrides.c.id == override_id)
        with self._transactions.writing() as connection:
            if connection.execute(delete(price_overrides).where(chosen)).rowcount == 0:
                raise NotFound(f"the project has no price with the id {override_id}")


def _same(override: PriceOverride) -> Any:
    columns = price_overrides.c
    return (
        (columns.project_id == override.project_id)
        & (columns.provider == override.provider)
        & (columns.pattern == override.pattern)
        & (columns.effective_from == override.effective_from.isoformat())
    )


def _values(override: PriceOverride) -> dict[str, Any]:
    tiers = [_Tier(tier.above_input_tokens, dict(tier.prices)) for tier in override.tiers]
    return {
        "id": override.id,
        "project_id": override.project_id,
        "provider": override.provider,
        "pattern": override.pattern,
        "effective_from": override.effective_from.isoformat(),
        "effective_to": override.effective_to.isoformat() if override.effective_to else "",
        "prices": msgspec.json.encode(_Prices(dict(override.prices), tiers)).decode(),
        "created_ns": override.created_ns,
    }


def _from_row(row: Row[Any]) -> PriceOverride:
    stored = msgspec.json.decode(row.prices, type=_Prices)
    return PriceOverride(
        id=row.id,
        project_id=ProjectId(row.project_id),
        pattern=row.pattern,
        provider=row.provider,
        effective_from=date.fromisoformat(row.effective_from),
        effective_to=date.fromisoformat(row.effective_to) if row.effective_to else None,
        prices=stored.prices,
        tiers=tuple(PriceTier(tier.above_input_tokens, tier.prices) for tier in stored.tiers),
        created_ns=row.created_ns,
    )
