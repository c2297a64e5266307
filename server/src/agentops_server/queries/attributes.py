"""Attributes to look for: what a sender told of an event and no field of ours holds."""

from typing import NamedTuple

from agentops_server.storage.warehouse.port import Parameter

MOST_ATTRIBUTES = 10


class WantedAttribute(NamedTuple):
    """An attribute by its name, with any value where that is None."""

    name: str
    value: str | None


def attributes_sql(wanted: tuple[WantedAttribute, ...]) -> str:
    """The condition that an event has all of them; its parameters are `attribute_parameters`."""
    return " AND ".join(
        f"mapContains(attributes, {{attribute_{number}:String}})"
        + ("" if each.value is None else f" AND attributes[{{attribute_{number}:String}}] = {{value_{number}:String}}")
        for number, each in enumerate(wanted)
    )


def attribute_parameters(wanted: tuple[WantedAttribute, ...]) -> dict[str, Parameter]:
    """The values for `attributes_sql`."""
    names: dict[str, Parameter] = {f"attribute_{number}": each.name for number, each in enumerate(wanted)}
    return names | {f"value_{number}": each.value for number, each in enumerate(wanted) if each.value is not None}
