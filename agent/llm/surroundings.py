"""What the environment says of the network (proxies, certificates), and how `.env` is encoded.

The HTTP client reads these variables itself, and breaks on what it cannot use; here each gets one
line that names the variable.
"""

from __future__ import annotations

import importlib.util
import os
import ssl
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx2

from medalist.errors import BadInput, MissingPrerequisite

_PROXIES = ("http_proxy", "https_proxy", "all_proxy")
_SCHEMES = ("http", "https", "socks5", "socks5h")
_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


def check_network() -> None:
    """Check what the environment says of proxies and certificates.

    Raises:
        BadInput: A variable holds what cannot be used.
        MissingPrerequisite: A proxy's scheme needs a package that is not here.
    """
    for name in _PROXIES:
        for variable in (name, name.upper()):
            if value := os.environ.get(variable, "").strip():
                _check_proxy(variable, value)
    for variable, there in (("SSL_CERT_FILE", os.path.isfile), ("SSL_CERT_DIR", os.path.isdir)):
        path = os.environ.get(variable)
        if path and not there(path):
            raise BadInput(
                f"'{path}' does not exist",
                field=f"{variable} (environment)",
                hint="unset it, or name a file of certificates",
            )


def certificates(url: str) -> ssl.SSLContext:
    """Load the certificates that servers are known by; none where an address needs none.

    Loading takes a tenth of a second of CPU. Without any, every encrypted connection is refused.

    Raises:
        BadInput: `SSL_CERT_FILE` names something else.
    """
    named = os.environ.get("SSL_CERT_FILE") or os.environ.get("SSL_CERT_DIR")
    if urlsplit(url).scheme == "http" and proxy_of(url) is None and not named:
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        return httpx2.create_ssl_context()
    except (OSError, ssl.SSLError) as error:
        raise BadInput(
            f"holds no certificates that can be read: {error}",
            field="SSL_CERT_FILE (environment)",
            hint="unset it, or name a file of certificates",
        ) from None


def proxy_of(url: str) -> str | None:
    """Return the variable of the proxy through which an address is asked, None without one."""
    parts = urlsplit(url)
    try:
        if proxy_bypass(parts.hostname or ""):
            return None
    except (OSError, UnicodeError):
        return None
    known = getproxies()
    name = next((item for item in (parts.scheme, "all") if known.get(item)), None)
    if name is None:
        return None
    variable = f"{name}_proxy"
    return variable if os.environ.get(variable) else variable.upper()


def encoding_of(file: Path) -> str:
    """Return how a `.env` is encoded: as its first bytes say, else UTF-8, else Latin-1.

    Raises:
        BadInput: It cannot be read.
    """
    try:
        raw = file.read_bytes() if file.is_file() else b""
    except OSError as error:
        raise BadInput(f"cannot be read: {error.strerror or error}", file=file) from None
    for mark, name in _MARKS:
        if raw.startswith(mark):
            return name
    if b"\x00" in raw[:2]:
        return "utf-16-be" if raw[:1] == b"\x00" else "utf-16-le"
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return "latin-1"  # names and keys are ASCII; the rest may be anything
    return "utf-8"


def _check_proxy(variable: str, value: str) -> None:
    where = f"{variable} (environment)"
    hint = "such as http://proxy.example:3128; or unset it"
    try:
        parts = urlsplit(value if "://" in value else f"http://{value}")
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise BadInput("is not the address of a proxy", field=where, hint=hint) from None
    if parts.scheme.lower() not in _SCHEMES:
        raise BadInput(
            f"'{parts.scheme}' is not a known proxy scheme",
            field=where,
            hint=f"{', '.join(_SCHEMES)}; or unset it",
        )
    if not host or any(sign.isspace() for sign in value):
        raise BadInput("is not the address of a proxy", field=where, hint=hint)
    if parts.scheme.lower().startswith("socks") and not importlib.util.find_spec("socksio"):
        raise MissingPrerequisite(
            f"{where}: a SOCKS proxy needs the package socksio", hint="pip install socksio"
        )
