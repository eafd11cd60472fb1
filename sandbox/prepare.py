"""Makes a sandbox usable on this machine, fixing what may be fixed without asking."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable

from medalist.errors import EngineError
from medalist.sandbox.docker_engine import connect, image_id
from medalist.sandbox.engine import apt_install, build_image
from medalist.sandbox.languages import default_row
from medalist.sandbox.local import LocalBackend

_LOCAL_PACKAGES = (
    "bubblewrap",
    *dict.fromkeys(default_row(family).package for family in ("c", "cpp", "python")),
)
_MENDED_BY_PACKAGES = {"no-bubblewrap", "no-compiler"}


def prepare(say: Callable[[str], None]) -> str:
    """Return `docker` or `local`: the sandbox that is ready now.

    Where an engine answers, its runner image is built if it is missing. Where none does, the
    local box is used, and on Debian or Ubuntu as root the packages that it needs are installed.

    Raises:
        EngineError: Neither can be had; both reasons are named.
    """
    try:
        _prepare_docker(say)
    except EngineError as error:
        no_engine = error
        say(f"{error}: taking the local sandbox")
    else:
        return "docker"
    try:
        _prepare_local(say)
    except EngineError as error:
        raise EngineError(
            error.reason,
            f"no sandbox: {no_engine.message}; {error.message}",
            hint=" or ".join(hint for hint in (no_engine.hint, error.hint) if hint),
        ) from error
    return "local"


def _prepare_docker(say: Callable[[str], None]) -> None:
    client = connect()
    try:
        image_id(client)
    except EngineError as error:
        if error.reason != "no-image":
            raise
        say("building the runner image (once)")
        build_image()
    finally:
        client.close()


def _prepare_local(say: Callable[[str], None]) -> None:
    try:
        LocalBackend().close()
    except EngineError as error:
        may = os.geteuid() == 0 and shutil.which("apt-get") is not None
        if error.reason not in _MENDED_BY_PACKAGES or not may:
            raise
        say(f"{error.message}: installing {', '.join(_LOCAL_PACKAGES)}")
        apt_install(*_LOCAL_PACKAGES)
        LocalBackend().close()
