"""Finding files, facts in them, and writing them."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from migrator.discover import discover
from migrator.settings import Settings
from migrator.sources.facts import read_facts
from migrator.write import write


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with files of all kinds, where we are."""
    monkeypatch.chdir(tmp_path)
    for name in ("a.yaml", "b.yml", "c.json", "d.txt", "sub/e.yaml", "ignored/f.yaml", "sub/skip.yaml", "sub/deep/keep.yaml"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
    (tmp_path / ".gitignore").write_text("ignored/\nkeep.yaml\n")
    (tmp_path / "sub/.gitignore").write_text("skip.yaml\n!deep/keep.yaml\n")
    (tmp_path / "link.yaml").symlink_to("a.yaml")
    return tmp_path


WANTED = ("a.yaml", "b.yml", "c.json", "sub/deep/keep.yaml", "sub/e.yaml")


def test_outside_git_a_walk_heeds_gitignore(folder: Path) -> None:
    assert discover(["."], Settings()).files == WANTED


def test_in_git_what_git_says(folder: Path) -> None:
    subprocess.run(["git", "init", "-q"], check=True)
    assert discover(["."], Settings()).files == WANTED
    subprocess.run(["git", "add", "-f", "ignored/f.yaml"], check=True)
    assert "ignored/f.yaml" in discover(["."], Settings()).files


def test_a_file_that_git_knows_and_that_is_gone_is_left_out(folder: Path) -> None:
    subprocess.run(["git", "init", "-q"], check=True)
    subprocess.run(["git", "add", "a.yaml"], check=True)
    os.unlink("a.yaml")
    assert "a.yaml" not in discover(["."], Settings()).files


def test_a_file_that_is_named_is_taken_whatever_it_is_called(folder: Path) -> None:
    assert discover(["d.txt", "ignored/f.yaml", "link.yaml"], Settings()).files == ("d.txt", "ignored/f.yaml", "link.yaml")


def test_each_file_once(folder: Path) -> None:
    assert discover([".", "sub", "a.yaml", "./a.yaml"], Settings()).files == WANTED


def test_a_path_below_us_is_reported_from_here(folder: Path) -> None:
    assert discover([str(folder / "sub"), str(folder / "d.txt")], Settings()).files == ("d.txt", *WANTED[3:])


def test_a_missing_path_has_its_reason(folder: Path) -> None:
    assert discover(["nowhere"], Settings()).missing == (("nowhere", "no such file or directory"),)


def test_names_with_odd_characters_are_found(folder: Path) -> None:
    subprocess.run(["git", "init", "-q"], check=True)
    for name in ("with blank.yaml", "ümlaut.yaml", 'quote".yaml'):
        (folder / name).write_text("")
    assert {"with blank.yaml", "ümlaut.yaml", 'quote".yaml'} <= set(discover(["."], Settings()).files)


SERVICE = """\
apiVersion: v1
kind: Service
metadata: {name: shop, namespace: prod}
spec:
  selector: {app: shop}
  ports:
  - port: 80
    targetPort: http
  - port: 81
    targetPort: 8081
"""
PATCH = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop}
spec:
  template:
    spec:
      containers:
      - name: auth
        args: [a]
"""


def test_a_service_that_finds_a_port_by_name_is_a_fact() -> None:
    service, numbered = read_facts("s.yaml", "---\n" + SERVICE).services
    assert numbered.target_port == "8081"
    assert (service.path, service.line, service.name, service.namespace) == ("s.yaml", 9, "shop", "prod")
    assert (service.selector, service.target_port) == ((("app", "shop"),), "http")


def test_services_in_a_list_are_found() -> None:
    inner = "".join(f"  {line}\n" for line in SERVICE.splitlines())
    assert len(read_facts("s.yaml", "apiVersion: v1\nkind: List\nitems:\n- " + inner.lstrip()).services) == 2


def test_a_patch_is_a_workload_in_which_a_container_has_no_image() -> None:
    (patch,) = read_facts("p.yaml", PATCH).patches
    assert (patch.kind, patch.name, patch.container, patch.line) == ("Deployment", "shop", "auth", 8)
    assert read_facts("p.yaml", PATCH + "        image: x\n").patches == ()


def test_what_does_not_parse_has_no_facts() -> None:
    assert read_facts("s.yaml", SERVICE + "  broken: [\n").services == ()


def test_write_replaces_in_one_step_and_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(b"old")
    path.chmod(0o600)
    write(str(path), b"new\r\n")
    assert path.read_bytes() == b"new\r\n"
    assert path.stat().st_mode & 0o777 == 0o600
    assert [p.name for p in tmp_path.iterdir()] == ["a.yaml"]


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(b"old")

    def fail(_: int) -> None:
        raise OSError("disk on fire")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="disk on fire"):
        write(str(path), b"new")
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.yaml"]
