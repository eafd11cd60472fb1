"""Whether an address is of this machine or of a private network."""

from __future__ import annotations

import ipaddress
import re
import socket
from urllib.parse import urlsplit, urlunsplit

from medalist.errors import BadInput

_NAMES = (".local", ".localhost", ".internal", ".lan", ".home.arpa", ".intranet")


def checked(url: str, source: str) -> str:
    """Return a base URL if it is one.

    Args:
        url: As it was read.
        source: Where it was read, for the message.

    Raises:
        BadInput: It has no `http://` or `https://`, no host, or a port that is not one.
    """
    url = url.strip().strip("\"'")
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or any(sign.isspace() or not sign.isprintable() for sign in url):
        place = re.sub(r"//[^/@]*@", "//", url)[:80]
        raise BadInput(
            f"{place!r} is not the address of an endpoint",
            field=source,
            hint="as in http://localhost:8000/v1",
        )
    return url


def shown(url: str) -> str:
    """Return an address as it may be shown: without a user's name, password and query."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, host, parts.path, "", ""))


def is_private(url: str) -> bool:
    """Whether a URL's host is this machine or is in a private network.

    A name is looked up; one without a dot (`vllm`, as containers call each other) is private.
    """
    try:
        host = (urlsplit(url).hostname or "").rstrip(".").lower()
    except ValueError:
        return False
    if not host:
        return False
    try:
        return not ipaddress.ip_address(host.partition("%")[0]).is_global
    except ValueError:
        pass
    if "." not in host or host.endswith(_NAMES):
        return True
    try:
        resolved = socket.getaddrinfo(host, None)
    except (OSError, UnicodeError):
        return False
    addresses = {str(item[4][0]).partition("%")[0] for item in resolved}
    return bool(addresses) and all(
        not ipaddress.ip_address(address).is_global for address in addresses
    )
