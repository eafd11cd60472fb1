"""The local box: the same runner in namespaces made by bubblewrap, where no engine answers."""

from __future__ import annotations

import glob
import hashlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from medalist.errors import EngineError
from medalist.sandbox.cgroup import BoxCgroup
from medalist.sandbox.channel import Channel, SocketChannel
from medalist.sandbox.host import cache_dir, headers_dir, number_of_box, usable_cores, users_of_box
from medalist.sandbox.image_inputs import inputs_digest
from medalist.sandbox.languages import FAMILIES
from medalist.sandbox.limits import MIB
from medalist.sandbox.owner import owner_prefix, remove_orphaned_folders
from medalist.sandbox.session import HEADERS_DIR, WORK_DIR, Role
from medalist.sandbox.wire import BoxBroken

RUNNER = "/runner"
TMPFS_BYTES = {"run": 256 * MIB, "secret": 1024 * MIB, "compile": 1024 * MIB}
SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
SYSTEM_FILES = ("/etc/alternatives", "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d",
                "/etc/localtime", "/etc/python3", "/etc/python3.11", "/etc/mono",
                *sorted(glob.glob("/etc/java-*-openjdk")))  # fmt: skip
DEVICES = ("null", "zero", "random", "urandom")
DEVICE_LINKS = {"fd": "/proc/self/fd"} | {
    name: f"/proc/self/fd/{number}" for number, name in enumerate(("stdin", "stdout", "stderr"))
}
SHARED_MEMORY = "/dev/shm"  # noqa: S108  # only made, empty and read-only
PIDS = {"run": 128, "secret": 128, "compile": 256}
STOP_S = 5.0
CAPABILITIES = ("CAP_SETUID", "CAP_SETGID", "CAP_KILL", "CAP_DAC_OVERRIDE", "CAP_FOWNER")


class LocalStarted:
    """One bubblewrap with a runner in it."""

    def __init__(
        self, process: subprocess.Popen[bytes], channel: Channel, cgroup: BoxCgroup | None
    ) -> None:
        self.channel = channel
        self._process = process
        self._cgroup = cgroup

    def reserve(self, memory_bytes: int) -> None:
        """See `Started`; without a cgroup nothing bounds the box as a whole."""
        if self._cgroup:
            try:
                self._cgroup.limit_memory(memory_bytes)
            except OSError as error:
                raise BoxBroken(f"no more memory for the box: {error}") from error

    def stop(self) -> None:
        """See `Started`."""
        self.channel.close()  # a healthy runner ends with its stream, and bubblewrap with it
        try:
            self._process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            for pid in (*_children(self._process.pid), self._process.pid):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            self._process.wait()
        if self._cgroup:
            self._cgroup.remove()


def _children(pid: int) -> list[int]:
    with suppress(OSError):
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


class LocalBackend:
    """Starts runners in namespaces.

    Raises (when made):
        EngineError: No bubblewrap, no compiler, no user namespaces; each with its fix.
    """

    name = "local"
    title = "local (bubblewrap)"
    install = "sudo apt-get install {package}"

    def __init__(self) -> None:
        self._root = os.geteuid() == 0
        self.cores: Sequence[int] = usable_cores()
        check_bubblewrap()
        self._runner = build_runner()
        remove_orphaned_folders()
        probe = BoxCgroup.create(f"{owner_prefix()}{number_of_box()}", 1)
        if probe:
            probe.remove()
        self._walled = probe is not None
        self.lost: tuple[str, ...] = (
            "this machine's compilers, not a pinned image",
            *(() if probe else ("memory is polled every few milliseconds, not enforced",)),
            *(() if self._root else ("programs and runner are one user",)),
        )
        self.toolchain = _toolchain()
        self.headers: Path | None = headers_dir(self.toolchain)

    def start(self, role: Role, core: int, memory_bytes: int) -> LocalStarted:
        """See `Backend`."""
        number = number_of_box()
        first, count = users_of_box(number)
        cgroup = BoxCgroup.create(f"{owner_prefix()}{number}", PIDS[role])
        if self._walled and cgroup is None:
            raise BoxBroken(
                "no cgroup could be made for the box, so nothing would bound its memory"
            )
        argv = cgroup.entry() if cgroup else []
        argv += ["taskset", "--cpu-list", str(core)]
        argv += [*_bubblewrap(self._root), "--ro-bind", str(self._runner), RUNNER]
        argv += ["--size", str(TMPFS_BYTES[role]), "--perms", "1777", "--tmpfs", WORK_DIR]
        if role == "compile":
            argv += ["--ro-bind", str(self.headers), HEADERS_DIR]
        for outside, inside in cgroup.binds() if cgroup else ():
            argv += ["--ro-bind", outside, inside]
        ours, theirs = socket.socketpair(socket.AF_UNIX)
        with theirs:
            argv += ["--remount-ro", "/", "--as-pid-1", "--"]
            argv += [RUNNER, "--fd", str(theirs.fileno()), str(first), str(count)]
            process = subprocess.Popen(
                argv,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        started = LocalStarted(process, SocketChannel(ours), cgroup)
        started.reserve(memory_bytes)
        return started

    def cpu_group(self) -> None:
        """See `Backend`: its groups have no weight of their own."""

    def close(self) -> None:
        """See `Backend`."""


def _bubblewrap(root: bool) -> list[str]:
    """Return bubblewrap with what all boxes have in common."""
    argv = ["bwrap", "--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts",
            "--unshare-cgroup-try", "--new-session", "--hostname", "box",
            "--clearenv", "--cap-drop", "ALL"]  # fmt: skip
    if root:
        for capability in CAPABILITIES:
            argv += ["--cap-add", capability]
    else:
        argv += ["--unshare-user"]
    for path in SYSTEM:
        if os.path.islink(path):
            argv += ["--symlink", os.readlink(path), path]
        elif os.path.isdir(path):
            argv += ["--ro-bind", path, path]
    # Made by bubblewrap itself it would be closed to programs: compilers are links through it.
    argv += ["--perms", "0755", "--dir", "/etc"]
    for path in SYSTEM_FILES:
        argv += ["--ro-bind-try", path, path]
    return [*argv, "--proc", "/proc", *_devices()]


def _devices() -> list[str]:
    """Return bubblewrap's words for /dev: what languages need (`runner/devices.c`), no more.

    Its own `--dev` has terminals as well, and who reads a new one waits for ever
    (`#include "/dev/ptmx"`).
    """
    argv = ["--tmpfs", "/dev"]
    for name in DEVICES:
        argv += ["--dev-bind", f"/dev/{name}", f"/dev/{name}"]
    for name, target in DEVICE_LINKS.items():
        argv += ["--symlink", target, f"/dev/{name}"]
    return [*argv, "--dir", SHARED_MEMORY, "--remount-ro", "/dev"]


def check_bubblewrap() -> None:
    """Make sure that bubblewrap can make a box.

    Raises:
        EngineError: `no-bubblewrap`, `apparmor` (Ubuntu 24.04 and later), or `no-userns`.
    """
    if shutil.which("bwrap") is None:
        raise EngineError(
            "no-bubblewrap", "bubblewrap is not installed", hint="sudo apt-get install bubblewrap"
        )
    argv = [*_bubblewrap(os.geteuid() == 0), "--", "/bin/true"]
    tried = subprocess.run(argv, capture_output=True, text=True, check=False)
    if tried.returncode:
        raise why_no_namespaces(
            tried.stderr, _sysctl("kernel/apparmor_restrict_unprivileged_userns")
        )


def why_no_namespaces(complaint: str, apparmor: str | None) -> EngineError:
    """Tell apart the reasons for which bubblewrap fails.

    Args:
        complaint: What bubblewrap wrote.
        apparmor: The sysctl by which Ubuntu restricts user namespaces, or None without it.
    """
    if apparmor == "1" and os.geteuid() != 0:
        return EngineError(
            "apparmor",
            "Ubuntu's AppArmor keeps unprivileged programs from making namespaces",
            hint="sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0, or run as root",
        )
    return EngineError(
        "no-userns",
        f"namespaces cannot be made on this machine: {complaint.strip()[:200]}",
        hint="sudo sysctl kernel.unprivileged_userns_clone=1 user.max_user_namespaces=10000, "
        "or run as root",
    )


def _sysctl(name: str) -> str | None:
    with suppress(OSError):
        return Path("/proc/sys", name).read_text().strip()
    return None


def build_runner() -> Path:
    """Return the runner, compiled once by this machine's own compiler into the user's cache.

    Raises:
        EngineError: `no-compiler`, or `build-failed`.
    """
    runner = cache_dir() / f"medalist-runner-{inputs_digest()}"
    if runner.exists():
        return runner
    if shutil.which("gcc") is None or shutil.which("g++") is None:
        raise EngineError(
            "no-compiler", "g++ is not installed", hint="sudo apt-get install g++ libc6-dev"
        )
    sources = sorted(str(path) for path in (Path(__file__).parent / "runner").glob("*.c"))
    with tempfile.TemporaryDirectory(dir=runner.parent) as folder:
        fresh = Path(folder) / "runner"
        argv = ["gcc", "-std=c17", "-O2", "-static", "-o", str(fresh), *sources]
        done = subprocess.run(argv, capture_output=True, text=True, check=False)
        if done.returncode:
            last = done.stderr.strip().splitlines()[-1:]
            raise EngineError(
                "build-failed",
                f"the runner could not be compiled: {' '.join(last)}",
                hint="sudo apt-get install g++ libc6-dev",
            )
        fresh.replace(runner)
    return runner


def _toolchain() -> str:
    """Digest of the compilers and interpreters that a program may meet."""
    digest = hashlib.sha256()
    for tool in dict.fromkeys(family.version for family in FAMILIES.values() if family.version):
        with suppress(OSError):
            done = subprocess.run(tool, capture_output=True, check=False)
            digest.update(done.stdout + done.stderr)
    for program in sorted({tool for family in FAMILIES.values() for tool in family.tools}):
        with suppress(OSError):  # one that is missing changes nothing
            facts = os.stat(program)
            where = os.path.realpath(program)
            digest.update(f"{where}\0{facts.st_size}\0{facts.st_mtime_ns}\0".encode())
    return digest.hexdigest()
