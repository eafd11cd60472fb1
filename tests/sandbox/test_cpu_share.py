"""What Docker boxes get beside other work is said, and where the user put them."""

from pathlib import Path

import pytest
from tests.agent.command import medalist

from medalist.sandbox import cpu_share
from medalist.sandbox.cpu_share import cpu_group


class Engine:
    """What the engine says of itself."""

    def __init__(self, **info: object) -> None:
        self._info = info

    def info(self) -> dict[str, object]:
        return self._info


@pytest.mark.parametrize(
    ("driver", "version", "parent", "path", "file"),
    [
        ("cgroupfs", "1", None, "/docker", "cpu/docker/cpu.shares"),
        ("cgroupfs", "2", None, "/docker", "docker/cpu.weight"),
        ("systemd", "2", None, "/system.slice", "system.slice/cpu.weight"),
        ("systemd", "2", "a-b.slice", "/a.slice/a-b.slice", "a.slice/a-b.slice/cpu.weight"),
        ("cgroupfs", "1", "/mine", "/mine", "cpu/mine/cpu.shares"),
    ],
)
def test_the_group_of_all_boxes_and_its_weight(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    driver: str,
    version: str,
    parent: str | None,
    path: str,
    file: str,
) -> None:
    monkeypatch.setattr(cpu_share, "ROOT", tmp_path)
    monkeypatch.setenv("MEDALIST_CGROUP_PARENT", parent or "")
    engine = Engine(CgroupDriver=driver, CgroupVersion=version)
    unset = cpu_group(engine)  # type: ignore[arg-type]
    assert (unset.path, unset.weight, unset.processes) == (path, None, 1)
    (tmp_path / file).parent.mkdir(parents=True)
    (tmp_path / file).write_text("4096\n" if version == "1" else "400\n")
    assert cpu_group(engine).processes == 4  # type: ignore[arg-type]
    assert "share of 4 processes" in str(cpu_group(engine))  # type: ignore[arg-type]


@pytest.mark.docker
def test_doctor_says_what_docker_boxes_share(tmp_path: Path) -> None:
    done = medalist("doctor", "--no-hostile", "--box", "docker", "--json", cwd=tmp_path)
    if done.returncode == 3:
        pytest.skip("no engine")
    assert "all boxes are one CPU group" in done.stdout
    local = medalist("doctor", "--no-hostile", "--box", "local", "--json", cwd=tmp_path)
    assert "CPU group" not in local.stdout
