"""Durations for people."""

from agentops_server.domain.clock import NS


def encode_duration(duration_ns: int) -> str:
    """Hours, minutes and seconds with a tenth, the larger ones only where there are any: ``1h 2m 3.4s``."""
    tenths = round(duration_ns * 10 / NS)
    minutes, tenths = divmod(tenths, 600)
    hours, minutes = divmod(minutes, 60)
    parts = [f"{hours}h"] * bool(hours) + [f"{minutes}m"] * bool(hours or minutes)
    return " ".join([*parts, f"{tenths / 10:.1f}s"])
