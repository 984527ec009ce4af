"""What becomes of a repository depends neither on the order of its files nor on who works on them, or when."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrator.discover import Found, discover
from migrator.model import FileResult
from migrator.pool import mapping
from migrator.run import Map, run
from migrator.settings import Settings
from tests.test_golden import GOLDEN, lay_out

#: Where other files say something of a container: kustomizations, Services, policies, scripts, monitors.
AREAS = ("kustomize", "hazards")


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Found]:
    """One repository of many golden cases, in which objects of the same names meet."""
    root = tmp_path_factory.mktemp("everything")
    for area in AREAS:
        for case in sorted((GOLDEN / area).iterdir())[:: 1 if area == "kustomize" else 4]:
            (root / area / case.name).mkdir(parents=True)
            lay_out(case, root / area / case.name)
    before = os.getcwd()
    os.chdir(root)
    yield discover(["."], Settings())
    os.chdir(before)


@pytest.fixture(scope="module")
def expected(everything: Found) -> tuple[FileResult, ...]:
    """What one process makes of the files in the order of their names."""
    return _results(everything, map)


def _results(found: Found, mapper: Map) -> tuple[FileResult, ...]:
    results = run(found.files, Settings(), mapper, True, found.scripts, found.others).results
    assert any(result.status == "rewritten" for result in results)
    return results


@settings(max_examples=6, deadline=None)
@given(st.data())
def test_the_order_of_the_files_does_not_matter(everything: Found, expected: tuple[FileResult, ...], data: st.DataObject) -> None:
    chance = random.Random(data.draw(st.integers()))
    files, scripts = list(everything.files), list(everything.scripts)
    chance.shuffle(files)
    chance.shuffle(scripts)
    assert _results(Found(tuple(files), scripts=tuple(scripts)), map) == expected


def _backwards(function: Callable[[Any], Any], items: Sequence[Any]) -> Iterable[Any]:
    """A map that works from the last item to the first, as a busy cluster might."""
    return [function(item) for item in list(items)[::-1]][::-1]


def test_the_order_of_the_work_does_not_matter(everything: Found, expected: tuple[FileResult, ...]) -> None:
    assert _results(everything, _backwards) == expected


@pytest.mark.parametrize("jobs", [2, 3])
def test_the_number_of_workers_does_not_matter(everything: Found, expected: tuple[FileResult, ...], jobs: int) -> None:
    with mapping(jobs) as mapper:
        assert _results(everything, mapper) == expected


@settings(max_examples=4, deadline=None)
@given(st.data())
def test_the_order_of_the_paths_does_not_matter(everything: Found, data: st.DataObject) -> None:
    """Folders and files in any order, some of them twice, are the folder that holds them all."""
    names = sorted(path.as_posix() for area in AREAS for path in Path(area).iterdir())
    paths = data.draw(st.permutations([*names, *names[:3], *everything.files[:3]]))
    assert discover(paths, Settings()) == discover(names, Settings())
