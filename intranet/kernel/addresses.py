"""Who counts as one caller, by network address: what limits are counted for."""

import ipaddress


def caller_of(raw: str | None) -> str:
    """An address as far as it tells people apart: of IPv6 the /64 that one customer has. What is
    no address counts as it is."""
    raw = raw or "nowhere"
    try:
        found = ipaddress.ip_address(raw)
    except ValueError:
        return raw
    if found.version == 6:
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)
