"""The built wheel is alone: runner, image recipe, prompts and problems are in it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "-q"]
    done = subprocess.run([*command, "-w", out, ROOT], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return next(out.glob("medalist-*.whl"))


def test_it_claims_one_name_only(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        tops = {name.split("/")[0] for name in archive.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"medalist"}


@pytest.mark.local
def test_installed_elsewhere_it_judges(wheel: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    command = [sys.executable, "-m", "pip", "install", "--no-deps", "-q", "--target"]
    subprocess.run([*command, site, wheel], capture_output=True, check=True)
    env = {**os.environ, "PYTHONPATH": str(site), "MEDALIST_BOX": "local"}

    def run(*args: str) -> subprocess.CompletedProcess[str]:
        argv = [sys.executable, *args]
        return subprocess.run(
            argv, cwd=tmp_path, env=env, capture_output=True, text=True, check=False, timeout=300
        )

    where = run("-c", "import medalist; print(medalist.__file__)")
    assert where.stdout.startswith(str(site))
    doctor = run("-m", "medalist", "doctor", "--box", "local", "--no-hostile")
    if doctor.returncode == 3:
        pytest.skip(f"no local sandbox: {doctor.stdout}")
    reference = site / "medalist/problems/archive/warmer/submissions/accepted/reference.py"
    judged = run("-m", "medalist", "judge", "warmer", str(reference), "--json")
    assert judged.returncode == 0, judged.stderr
    assert json.loads(judged.stdout)["verdict"] == "AC"
