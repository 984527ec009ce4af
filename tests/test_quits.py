"""Quit hacks: which are seen, who is told, what their removal writes; and that what stays runs and ends the same."""

from __future__ import annotations

import pickle
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from migrator.judge.shell.syntax import Source
from migrator.judge.view import PodView
from migrator.plan.quits import Change, QuitHack, applied, hacks, removed
from tests.pods import pod_of, workload_of

Container = dict[str, Any]

#: The neighbour of the callers: it waits for the file that they know as /x/done.
POLL = "proxy --port 1 &\nPID=$!\nuntil [ -f /y/done ]; do sleep 1; done\nkill $PID\n"
SQL: Container = {"image": "gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.14.1", "args": ["--quitquitquit", "db"]}
QUIT = "curl -sf -X POST http://localhost:9091/quitquitquit"


def _sh(script: str, *options: str) -> Container:
    return {"command": ["sh", *options, "-c", script]}


def _pod(app: Container, proxy: Container, *others: Container, **fields: Any) -> PodView:
    """A Job's pod of `app` and `proxy`, which share an emptyDir as /x and /y."""
    mounts = [[{"name": "run", "mountPath": path}] for path in ("/x", "/y")]
    pod = pod_of(
        {"name": "app", "image": "example/app", "volumeMounts": mounts[0], **app},
        {"name": "proxy", "image": "example/daemon", "volumeMounts": mounts[1], **proxy},
        *others,
        **{"volumes": [{"name": "run", "emptyDir": {}}], **fields},
    )
    return PodView(pod, workload_of("job", "Job"))


def _one(pods: PodView) -> QuitHack:
    (hack,) = hacks(pods)
    return hack


def _after(hack: QuitHack) -> dict[str, str]:
    assert hack.removal, hack.why_not
    assert hack.why_not == ""
    return {change.container: change.after for change in hack.removal}


#: Scripts that make the file, and what is left of them.
CALLERS = [
    ("trap 'touch /x/done' EXIT; work", "work"),
    ('trap "touch /x/done" EXIT\nwork\n', "work\n"),
    ("trap 'touch /x/done' 0\nwork --now\n", "work --now\n"),
    ("trap -- 'touch /x/done' EXIT; work", "work"),
    ("trap 'rc=$?; touch /x/done; exit $rc' EXIT; work", "trap 'rc=$?; exit $rc' EXIT; work"),
    ("trap 'echo bye; touch /x/done' EXIT TERM; work", "trap 'echo bye' EXIT TERM; work"),
    ("trap 'touch /x/done; echo bye' EXIT; work", "trap 'echo bye' EXIT; work"),
    ("f() { touch /x/done; }\ntrap f EXIT\nwork\n", "work\n"),
    ("f() {\n  echo bye\n  touch /x/done\n}\ntrap f EXIT\nwork\n", "f() {\n  echo bye\n}\ntrap f EXIT\nwork\n"),
    ("f() { rc=$?; touch /x/done; exit $rc; }; trap f EXIT; work", "f() { rc=$?; exit $rc; }; trap f EXIT; work"),
    ("quit() { touch /x/done; }\nwork\nrc=$?\nquit\nexit $rc\n", "work\nrc=$?\nexit $rc\n"),
    ("work && touch /x/done", "work"),
    ("work && echo done > /x/done", "work"),
    ("work && touch /x/done 2>/dev/null", "work"),
    ("work --a \\\n  && touch /x/done\n", "work --a\n"),
    ("cd /tmp && work && touch /x/done", "cd /tmp && work"),
    ("set -e; cd /tmp && work && touch /x/done", "set -e; cd /tmp && work"),
    ("work && touch /x/done && exit 0", "work && exit 0"),
    ("work && (touch /x/done)", "work"),
    ("work && { touch /x/done || true; }", "work"),
    ("work; rc=$?; touch /x/done; exit $rc", "work; rc=$?; exit $rc"),
    ("work\nstatus=$?\ntouch /x/done || true\nexit $status\n", "work\nstatus=$?\nexit $status\n"),
    ("work; rc=$?; touch /x/done || echo no >&2; exit $rc", "work; rc=$?; exit $rc"),
    ('work\nrc=$?\n: > "/x/done"\nexit "$rc"\n', 'work\nrc=$?\nexit "$rc"\n'),
    ("work; rc=$?; > /x/done; exit $rc", "work; rc=$?; exit $rc"),
    ("rc=0; work || rc=$?; touch /x/done; exit $rc", "rc=0; work || rc=$?; exit $rc"),
    ("work\n\n# tell the proxy\ntouch /x/done\n\nexit 0\n", "work\n\nexit 0\n"),
    ("work\n# both\ntouch /x/done\nexit 0\n", "work\n# both\nexit 0\n"),
    ("set -e\nwork\n\n# tell it\ntouch /x/done\n", "set -e\nwork\n"),
    ("set -e\nwork\ntouch /x/done  # tell it", "set -e\nwork"),
    ("set -euo pipefail; work | cat; touch /x/done", "set -euo pipefail; work | cat"),
    ("set -o errexit\nx=$(work)\ntouch /x/done\nexit $?\n", "set -o errexit\nx=$(work)\nexit $?\n"),
    ("touch /x/done; exec work", None),
    ("if work; then touch /x/done; exit 0; else touch /x/done; exit 1; fi", "if work; then exit 0; else exit 1; fi"),
    ("if work; then\n  echo ok\n  touch /x/done\nfi\n", "if work; then\n  echo ok\nfi\n"),
    ("work; rc=$?; { touch /x/done; exit $rc; }", "work; rc=$?; { exit $rc; }"),
    ("#!/bin/sh\n# tell\ntouch /x/done\nwork=1\nwork $(cat /in)\n", None),
    (
        "work\nrc=$?\ncase $rc in\n0)\n  touch /x/done\n  echo ok\n  ;;\nesac\nexit $rc\n",
        "work\nrc=$?\ncase $rc in\n0)\n  echo ok\n  ;;\nesac\nexit $rc\n",
    ),
    ("work 'it''s'; rc=$?; touch /x//done; exit $rc", "work 'it''s'; rc=$?; exit $rc"),
    ("echo \u00fc\U0001f600; work; rc=$?; touch '/x/done'; exit $rc", "echo \u00fc\U0001f600; work; rc=$?; exit $rc"),
    ("echo $$$$; work; rc=$?; touch /x/done; exit $rc", "echo $$$$; work; rc=$?; exit $rc"),
    ("work\r\nrc=$?\r\ntouch /x/done\r\nexit $rc\r\n", "work\r\nrc=$?\r\nexit $rc\r\n"),
]  # fmt: skip

#: Scripts that make the file and are kept, with a word of the reason.
KEPT = [
    ("work; touch /x/done", "exit code"),
    ("work; touch /x/done || true", "exit code"),
    ("work\ntouch /x/done\nexit\n", "exit code"),
    ("work; touch /x/done; exit $?", "exit code"),
    ("work; touch /x/done; exit $rc", "exit code"),
    ("work && rc=0; touch /x/done; exit $rc", "exit code"),
    ("work; touch /x/done; echo $?", "exit code"),
    ('work; touch /x/done; test "$?" = 0 && echo ok', "exit code"),
    ("f() { echo $?; }; work; touch /x/done; f", "exit code"),
    ("set -e; work || true; touch /x/done", "exit code"),
    ("set -e; cd /x && work; touch /x/done", "exit code"),
    ("set -e; ! work; touch /x/done", "exit code"),
    ("set -e; set +e; work; touch /x/done", "exit code"),
    ("(set -e); work; touch /x/done", "exit code"),
    ("set -e; work & touch /x/done", "exit code"),
    ("if work; then touch /x/done; fi", "nothing would be left"),
    ("touch /x/done", "nothing would be left"),
    ("set -e; echo hi; touch /x/done", "nothing would be left"),
    ("work || touch /x/done", "failure"),
    ("work; rc=$?; touch /x/done || exit 1; exit $rc", "failure"),
    ("work && touch /x/done || exit 1; touch /x/done", "exit code"),
    ("set -e; work && touch /x/done; upload", "may wait"),
    ("set -e; work && touch /x/done; exit 0", "depend on"),
    ("touch /x/done && exit $?; exit 3", "looks at its exit code"),
    ("for i in 1 2; do work; touch /x/done; done", "loop"),
    ("while work; do touch /x/done; done; exit 0", "loop"),
    ("work; rc=$?; touch /x/done & exit $rc", "background"),
    ("work; rc=$?; touch /x/done /x/other; exit $rc", "not understood"),
    ("work; rc=$?; work > /x/done; exit $rc", "not understood"),
    ("work; rc=$?; echo $(date) > /x/done; exit $rc", "not understood"),
    ("work; rc=$?; echo ok | tee /x/done; exit $rc", "not understood"),
    ("work; rc=$?; sh -c 'touch /x/done'; exit $rc", "not understood"),
    ("work; rc=$?; touch /x/done; while [ -f /x/alive ]; do sleep 1; done; exit $rc", "may wait"),
    ("work; rc=$?; touch /x/done; upload; exit $rc", "may wait"),
    ("work; rc=$?; touch /x/done; wait_for() { until nc -z localhost 1; do sleep 1; done; }; wait_for; exit $rc", "may wait"),
    ("trap 'until nc -z localhost 1; do sleep 1; done' EXIT; work; rc=$?; touch /x/done; exit $rc", "may wait"),
    ("work; rc=$?; touch /x/done; . /scripts/end.sh; exit $rc", "may wait"),
    ("trap 'touch /x/done' EXIT TERM; work", "signals"),
    ("trap 'touch /x/done' TERM; work", "signals"),
    ("trap 'echo a' EXIT; trap 'touch /x/done' EXIT; work", "more than once"),
    ("(trap 'touch /x/done' EXIT; work); exit 0", "not always"),
    ("trap \"touch /x/done; echo $HOME\" EXIT; work", "plain text"),
    ("trap 'touch /x/done' EXIT; trap 'exit 1' ERR; work", "what was run before"),
    ("work; rc=$?; touch /x/done; exit $rc # $LINENO", "what was run before"),
    ("exit() { work; }; work; touch /x/done; exit 0", "another meaning"),
    ("f() { work; }; f() { echo; }; f; touch /x/done; exit 0", "more than once"),
    ("(f() { touch /x/done; }); work; f; exit 0", "part of the work"),
    ("f; f() { touch /x/done; }; work; f; exit 0", "part of the work"),
    ("f() { touch /x/done; echo a; }; work; f", "part of the work"),
    ("f() { touch /x/done; }; trap f EXIT; work f", "not understood"),
    ("work {{ .Values.args }}; rc=$?; touch /x/done; exit $rc", None),
    ("work; rc=$?; touch /x/done; exit $rc; if", None),
    ("work; rc=$?; touch /x/done; rm -f /x/done; exit $rc", "another place"),
    ("rm -f /x/done; work; rc=$?; touch /x/done; exit $rc", "another place"),
]  # fmt: skip


@pytest.mark.parametrize(("script", "after"), CALLERS)
def test_the_call_is_taken_out_of_the_script(script: str, after: str | None) -> None:
    hack = _one(_pod(_sh(script), _sh(POLL)))
    assert (hack.kind, hack.caller, hack.sidecar, hack.listened) == ("file", "app", "proxy", True)
    assert (hack.caller_field, hack.sidecar_field, hack.file) == ("command", "command", "/x/done")
    if after is None:
        assert (hack.removal, bool(hack.why_not)) == ((), True)
    else:
        assert _after(hack) == {"app": after, "proxy": "exec proxy --port 1\n"}


@pytest.mark.parametrize(("script", "reason"), KEPT)
def test_what_may_not_be_the_same_without_it_is_kept(script: str, reason: str | None) -> None:
    found = hacks(_pod(_sh(script), _sh(POLL)))
    if reason is None:
        assert not any(hack.removal for hack in found)
        return
    (hack,) = found
    assert (hack.kind, hack.removal, hack.leftovers) == ("file", (), ())
    assert reason in hack.why_not


#: Scripts that end because of the file, and what becomes of them.
POLLERS = [
    (POLL, "exec proxy --port 1\n"),
    ("proxy & until [ -f /y/done ]; do sleep 1; done; kill $!", "exec proxy"),
    ("proxy & while ! test -f /y/done; do sleep 1; done; kill %1; wait; exit 0", "exec proxy"),
    ("proxy & P=$!; while kill -0 $P && [ ! -f /y/done ]; do sleep 1; done; kill -TERM ${P} || true; wait $P", "exec proxy"),
    ("proxy >/log 2>&1 &\nuntil [[ -e /y/done ]]; do :; done\n", "exec proxy >/log 2>&1\n"),
    (
        "set -e\nmkdir -p /tmp/p\nexport A=1\nproxy -x \"$A\" &\nP=$!\n"
        "until test -f '/y/done'; do\n  sleep 2  # wait\ndone\nkill $P\n",
        'set -e\nmkdir -p /tmp/p\nexport A=1\nexec proxy -x "$A"\n',
    ),
    ("proxy -a \\\n  -b &\nuntil [ -f /y/done ]; do sleep 1; done", "exec proxy -a \\\n  -b"),
    (
        "proxy --a &\nCHILD_PID=$!\n(while true; do if [ -f /y/done ]; then kill $CHILD_PID; echo bye; fi; sleep 1; done) &\n"
        "wait $CHILD_PID\nif [ -f /y/done ]; then exit 0; fi\n",
        "exec proxy --a\n",
    ),
    ("proxy & P=$!; { until [ -f /y/done ]; do sleep 1; done; kill $P; } & wait $P; rc=$?; exit $rc", "exec proxy"),
    ("(until [ -f /y/done ]; do sleep 1; done; pkill -x proxy) & exec proxy -a", "exec proxy -a"),
    ("(while [ ! -f /y/done ]; do sleep 1; done; kill 1) &\n/usr/bin/proxy -a\n", "exec /usr/bin/proxy -a\n"),
    ("proxy & (until [ -f /y/done ]; do sleep 1; done) & wait -n", "exec proxy"),
    ("while [ ! -f /y/done ]; do fetch; sleep 5; done", "while true; do fetch; sleep 5; done"),
    ("until [ -f /y/done ]; do\n  fetch\n  sleep 5\ndone\necho bye\nexit 0\n", "while true; do\n  fetch\n  sleep 5\ndone\n"),
    ("cd /y\nwhile ! [ -f /y/done ]; do fetch | store; sleep 5; done\n", "cd /y\nwhile true; do fetch | store; sleep 5; done\n"),
    ("f() { fetch; }; until [ -e /y/done ]; do f; sleep 5; done", "f() { fetch; }; while true; do f; sleep 5; done"),
    ("while true; do\n  [ -f /y/done ] && exit 0\n  fetch\n  sleep 5\ndone\n", "while true; do\n  fetch\n  sleep 5\ndone\n"),
    ("while :; do fetch; sleep 5; if [ -f /y/done ]; then echo bye; break; fi; done; exit 0", "while :; do fetch; sleep 5; done"),
]  # fmt: skip

KEPT_POLLERS = [
    ("until [ -f /y/done ]; do sleep 1; done", "nothing would be left to run"),
    ("while true; do date; [ -f /y/done ] && exit; sleep 1; done", "nothing would be left to run"),
    ("while [ ! -f /y/done ]; do sleep 5; fetch; done", "last turn"),
    ("while [ ! -f /y/done ]; do fetch; done", "last turn"),
    ("while true; do fetch; [ -f /y/done ] && exit 0; sleep 5; done", "last turn"),
    ("while [ ! -f /y/done ]; do fetch || exit 1; sleep 5; done", "not one that can be taken off"),
    ("while [ ! -f /y/done ] && [ ! -f /y/stop ]; do fetch; sleep 5; done", "not one that can be taken off"),
    ("trap 'fetch --last' EXIT; while [ ! -f /y/done ]; do fetch; sleep 5; done", "once the file is there"),
    ("trap 'kill $P' TERM; proxy & P=$!; until [ -f /y/done ]; do sleep 1; done; kill $P", "not one that can be taken off"),
    ("proxy & P=$!; until [ -f /y/done ]; do sleep 1; done; kill -INT $P", "not one that can be taken off"),
    ("proxy & other & until [ -f /y/done ]; do sleep 1; done; kill %1", "not one that can be taken off"),
    ("proxy | tee /log & until [ -f /y/done ]; do sleep 1; done", "no simple command"),
    ("A=1 proxy & until [ -f /y/done ]; do sleep 1; done", "in place of the shell"),
    ("setsid proxy & until [ -f /y/done ]; do sleep 1; done", "in place of the shell"),
    ("$PROXY & until [ -f /y/done ]; do sleep 1; done", "in place of the shell"),
    ("run() { proxy; }; run & until [ -f /y/done ]; do sleep 1; done", "no daemon"),
    ("cp /a /b & until [ -f /y/done ]; do sleep 1; done", "no daemon"),
    ("proxy & until [ -f /y/done ]; do sleep 1; done; echo bye > /y/gone; kill $!", "not one that can be taken off"),
    ("rm -f /y/done; proxy & until [ -f /y/done ]; do sleep 1; done", "proxy"),
    ("proxy & P=$!; inotifywait -e create /y; kill $P", "not one that can be taken off"),
]  # fmt: skip

#: What waits for the file, or looks for it, and goes on.
GO_ON = [
    "until [ -f /y/done ]; do sleep 1; done; exec proxy",
    "until [ -f /y/done ]; do sleep 1; done && proxy",
    "while [ ! -f /y/done ]; do sleep 1; done; cat /y/done",
    "while [ ! -f /y/done ]; do sleep 1; done; upload /y",
    "while true; do if [ -f /y/done ]; then reload; fi; sleep 1; done",
    "proxy & P=$!; while true; do if [ -f /y/done ]; then kill -HUP $P; fi; sleep 1; done",
    "proxy & P=$!; while true; do [ -f /y/done ] && kill -HUP $P; sleep 1; done",
    "proxy & P=$!; while true; do if [ -f /y/done ]; then kill $P; rm /y/done; proxy & P=$!; fi; sleep 1; done",
    "while true; do if [ -f /y/done ]; then fetch; exit 0; fi; sleep 1; done",
    "proxy & until [ -f /y/done ]; do sleep 1; done; wait",
    "proxy & (until [ -f /y/done ]; do sleep 1; done) & wait",
    "until [ -f /y/done ]; do sleep 1; done; sleep infinity",
    "while [ -f /y/done ]; do sleep 1; done",
    "until [ -f /y/other ]; do sleep 1; done",
    "[ -f /y/done ] && exit 0; exec proxy",
    "exec proxy --watch /y/done",
    "while true; do while [ ! -f /y/done ]; do sleep 1; done; fetch; done",
]  # fmt: skip


@pytest.mark.parametrize(("script", "after"), POLLERS)
def test_the_waiting_is_taken_out_of_the_script(script: str, after: str) -> None:
    assert _after(_one(_pod(_sh("work && touch /x/done"), _sh(script)))) == {"app": "work", "proxy": after}


@pytest.mark.parametrize(("script", "reason"), KEPT_POLLERS)
def test_a_way_of_waiting_that_is_not_understood_is_kept(script: str, reason: str) -> None:
    hack = _one(_pod(_sh("work && touch /x/done"), _sh(script)))
    assert (hack.kind, hack.sidecar, hack.removal) == ("file", "proxy", ())
    assert reason in hack.why_not


@pytest.mark.parametrize("script", GO_ON)
def test_who_goes_on_when_the_file_is_there_is_no_part_of_a_hack(script: str) -> None:
    assert hacks(_pod(_sh("work && touch /x/done"), _sh(script))) == ()


def _mounts(*mounts: dict[str, Any]) -> Container:
    return {"volumeMounts": [{"name": "run", **mount} for mount in mounts]}


@pytest.mark.parametrize(
    ("app", "proxy", "fields", "found"),
    [
        ({}, {}, {}, True),
        (_mounts({"mountPath": "/x/"}), {}, {}, True),
        (_mounts({"mountPath": "/", "subPath": "x"}), _mounts({"mountPath": "/y", "subPath": "x/x"}), {}, True),
        (_mounts({"mountPath": "/x", "subPath": "a"}), _mounts({"mountPath": "/y", "subPath": "a"}), {}, True),
        (_mounts({"mountPath": "/x", "subPath": "a"}), {}, {}, False),
        (_mounts({"mountPath": "/x", "subPathExpr": "$(A)"}), _mounts({"mountPath": "/y", "subPathExpr": "$(A)"}), {}, False),
        (_mounts({"mountPath": "/z"}), {}, {}, False),
        ({"volumeMounts": []}, {}, {}, False),
        ({}, {}, {"volumes": [{"name": "run", "configMap": {}}]}, False),
    ],
)
def test_the_file_is_the_same_through_the_mounts_of_both(app: Container, proxy: Container, fields: Any, found: bool) -> None:
    assert bool(hacks(_pod(_sh("work && touch /x/done") | app, _sh(POLL) | proxy, **fields))) is found


def test_who_cannot_write_the_file_is_not_listened_to() -> None:
    hack = _one(_pod(_sh("work && touch /x/done") | _mounts({"mountPath": "/x", "readOnly": True}), _sh(POLL)))
    assert not hack.listened


def test_a_file_on_a_lasting_volume_is_kept() -> None:
    hack = _one(_pod(_sh("work && touch /x/done"), _sh(POLL), volumes=[{"name": "run", "persistentVolumeClaim": {}}]))
    assert "lasts longer" in hack.why_not


@pytest.mark.parametrize("own", [{}, {"command": ["tail", "-F", "/z/log"]}])
def test_a_third_container_that_may_look_for_the_file_keeps_it(own: Container) -> None:
    third = {"name": "third", "image": "example/third", "volumeMounts": [{"name": "run", "mountPath": "/z"}], **own}
    assert "`third` shares the volume" in _one(_pod(_sh("work && touch /x/done"), _sh(POLL), third)).why_not
    third["volumeMounts"] = []
    assert _one(_pod(_sh("work && touch /x/done"), _sh(POLL), third)).removal


@pytest.mark.parametrize(
    "more",
    [
        {"env": [{"name": "DONE", "value": "/x/done"}]},
        {"livenessProbe": {"exec": {"command": ["test", "!", "-f", "/x/done"]}}},
        {"lifecycle": {"preStop": {"exec": {"command": ["touch", "/x/done"]}}}},
    ],
)
def test_a_file_that_is_named_elsewhere_is_kept(more: Container) -> None:
    found = hacks(_pod(_sh("work && touch /x/done") | more, _sh(POLL)))
    assert found
    assert not any(hack.removal for hack in found)


def test_one_file_for_two_sidecars_and_from_two_callers() -> None:
    """They hold together: all of it goes, or nothing."""
    mounts = {"volumeMounts": [{"name": "run", "mountPath": "/z"}], "image": "example/other"}
    ship = {"name": "ship", **mounts, **_sh("ship & until [ -f /z/done ]; do sleep 1; done")}
    more = {"name": "more", **mounts, **_sh("set -e; work; touch /z/done")}
    pods = _pod(_sh("work && touch /x/done"), _sh(POLL), ship, more)
    found = hacks(pods)
    assert [(hack.caller, hack.sidecar) for hack in found] == [(a, b) for a in ("app", "more") for b in ("proxy", "ship")]
    (removal,) = {hack.removal for hack in found}
    assert {change.container: change.after for change in removal} == {
        "app": "work",
        "more": "set -e; work",
        "proxy": "exec proxy --port 1\n",
        "ship": "exec ship",
    }
    assert removed(pods, lambda hack: hack.sidecar != "ship") == ((), ())
    done, changes = removed(pods, lambda hack: True)
    assert (done, set(changes)) == (found, set(removal))
    assert hacks(applied(pods, removal)) == ()


def test_one_script_that_tells_two_neighbours() -> None:
    """One after the other; each alone where only that is wanted."""
    script = f"work; rc=$?; {QUIT}; touch /x/done; exit $rc"
    sql = {"name": "sql", **SQL}
    pods = _pod(_sh(script), _sh(POLL), sql)
    assert [(hack.kind, hack.sidecar) for hack in hacks(pods)] == [("http", "sql"), ("file", "proxy")]
    done, changes = removed(pods, lambda hack: True)
    assert [hack.kind for hack in done] == ["http", "file"]
    assert changes == (
        Change("app", "command", 2, script, "work; rc=$?; exit $rc"),
        Change("proxy", "command", 2, POLL, "exec proxy --port 1\n"),
    )
    (alone,) = removed(pods, lambda hack: hack.kind == "http")[1]
    assert alone.after == "work; rc=$?; touch /x/done; exit $rc"
    assert hacks(applied(pods, changes)) == ()


def test_a_sidecar_that_is_native_already_is_told_as_well() -> None:
    native = {"name": "proxy", "image": "example/daemon", "restartPolicy": "Always", **_sh(POLL)}
    native |= {"volumeMounts": [{"name": "run", "mountPath": "/y"}]}
    other = {"name": "proxy", "image": "example/other"}
    pods = _pod(_sh("work && touch /x/done"), other | {"volumeMounts": []}, initContainers=[native | {"name": "sql"}])
    hack = _one(pods)
    assert hack.removal[1] == Change("sql", "command", 2, POLL, "exec proxy --port 1\n", "initContainers")
    assert hacks(applied(pods, hack.removal)) == ()


@pytest.mark.parametrize(
    ("app", "field", "item"),
    [
        ({"command": ["/bin/bash", "-c"], "args": ["work && touch /x/done"]}, "args", 0),
        ({"command": ["sh"], "args": ["-c", "work && touch /x/done"]}, "args", 1),
        ({"args": ["sh", "-c", "work && touch /x/done", "name"]}, "args", 2),
        ({"command": ["/bin/sh", "-ec", "work\ntouch /x/done"]}, "command", 2),
        ({"command": ["bash", "-e", "-o", "pipefail", "-c", "work; touch /x/done"]}, "command", 5),
        ({"command": ["bash", "-o", "errexit", "-c", "work; touch /x/done"]}, "command", 4),
        ({"command": ["tini", "--", "timeout", "60", "busybox", "sh", "-c", "work && touch /x/done"]}, "command", 7),
    ],
)
def test_scripts_in_all_places(app: Container, field: str, item: int) -> None:
    hack = _one(_pod(app, _sh(POLL)))
    assert (hack.removal[0].field, hack.removal[0].item) == (field, item)
    assert hack.removal[0].after.rstrip().endswith("work")
    assert not hacks(applied(_pod(app, _sh(POLL)), hack.removal))


@pytest.mark.parametrize(
    "app",
    [
        {"command": ["touch", "/x/done"]},
        {"command": ["zsh", "-c", "work && touch /x/done"]},
        {"command": ["sh", "-c", "work"], "lifecycle": {"preStop": {"exec": {"command": ["sh", "-c", "touch /x/done"]}}}},
    ],
)
def test_where_there_is_no_script_to_edit_it_is_kept(app: Container) -> None:
    hack = _one(_pod(app, _sh(POLL)))
    assert (hack.removal, hack.caller_field) == ((), "lifecycle" if "lifecycle" in app else "command")


def test_a_daemon_that_reads_its_input_is_kept() -> None:
    """In the background it would read nothing."""
    assert "standard input" in _one(_pod(_sh("work && touch /x/done"), _sh(POLL) | {"stdin": True})).why_not


def test_what_is_left_over_is_named() -> None:
    hack = _one(_pod(_sh("work && touch /x/done"), _sh(POLL)))
    assert len(hack.leftovers) == 2
    assert "emptyDir `run`" in hack.leftovers[0]
    assert "`proxy --port 1` can be its command" in hack.leftovers[1]
    assert _one(_pod(_sh("work --out /x/log && touch /x/done"), _sh(POLL))).leftovers == hack.leftovers[1:]


#: Calls to a proxy that quits when asked, and what is left of the scripts.
CALLS = [
    (f"work; rc=$?; {QUIT}; exit $rc", "work; rc=$?; exit $rc"),
    (f"work && {QUIT}", "work"),
    (f"work && {QUIT} >/dev/null 2>&1", "work"),
    (f"trap '{QUIT}' EXIT\nwork\n", "work\n"),
    (f"set -e\nwork\n{QUIT} || true\n", "set -e\nwork\n"),
    ("work\nrc=$?\nwget -qO- --post-data='' http://127.0.0.1:9091/quitquitquit\nexit $rc\n", "work\nrc=$?\nexit $rc\n"),
    ("work; rc=$?; timeout 5 curl -XPOST localhost:9091/quitquitquit -o /dev/null; exit $rc", "work; rc=$?; exit $rc"),
    (f"f() {{ rc=$?; {QUIT} || echo no; exit $rc; }}; trap f EXIT; work", "f() { rc=$?; exit $rc; }; trap f EXIT; work"),
    (f"work\nrc=$?\n{QUIT} \\\n  || wget -q -O /dev/null localhost:9091/quitquitquit\nexit $rc\n", "work\nrc=$?\nexit $rc\n"),
]  # fmt: skip

KEPT_CALLS = [
    (f"work; {QUIT}", "exit code"),
    (f"set -e; work; {QUIT}", "under `set -e`"),
    (f"set -e; work; {QUIT}; exit 0", "under `set -e`"),
    (f"work; rc=$?; {QUIT} && echo told; exit $rc", "depend on"),
    (f"work; rc=$?; until {QUIT}; do sleep 1; done; exit $rc", "loop"),
    (f"work; rc=$?; x=$({QUIT}); exit $rc", "is used"),
    (f"work; rc=$?; {QUIT} | cat; exit $rc", "is used"),
    (f"work; rc=$?; {QUIT}; while curl -s localhost:9091; do sleep 1; done; exit $rc", "may wait"),
    (f"work; rc=$?; {QUIT} http://example.com/told; exit $rc", "alone"),
    (f"work; rc=$?; {QUIT} -o /out/answer; exit $rc", "alone"),
    ("work; rc=$?; python -c 'import urllib.request as r; r.urlopen(\"http://localhost:9091/quitquitquit\")'; exit $rc", "alone"),
    ("work; rc=$?; cloud-sql-proxy shutdown; exit $rc", "alone"),
    (f"while true; do work; {QUIT}; sleep 60; done", "loop"),
]  # fmt: skip


@pytest.mark.parametrize(("script", "after"), CALLS)
def test_a_call_to_quit_is_taken_out(script: str, after: str) -> None:
    hack = _one(_pod(_sh(script), SQL))
    assert (hack.kind, hack.sidecar, hack.sidecar_field, hack.listened) == ("http", "proxy", "args", True)
    assert _after(hack) == {"app": after}
    assert "`--quitquitquit`" in hack.leftovers[0]


@pytest.mark.parametrize(("script", "reason"), KEPT_CALLS)
def test_a_call_that_more_depends_on_is_kept(script: str, reason: str) -> None:
    hack = _one(_pod(_sh(script), SQL))
    assert (hack.kind, hack.sidecar, hack.listened, hack.removal) == ("http", "proxy", True, ())
    assert reason in hack.why_not


ISTIO: Container = {"name": "istio-proxy", "image": "docker.io/istio/proxyv2:1.20.0", "args": ["proxy", "sidecar"]}
LINKERD: Container = {"name": "linkerd-proxy", "image": "cr.l5d.io/linkerd/proxy:stable-2.14.0"}
ASKED: Container = {"args": ["db"], "env": [{"name": "CSQL_PROXY_QUITQUITQUIT", "value": "true"}]}
ANY: Container = {"ports": [{"containerPort": 9901}]}


@pytest.mark.parametrize(
    ("script", "proxy", "told", "listened"),
    [
        ("work; curl -XPOST localhost:15020/quitquitquit", ISTIO, "istio-proxy", True),
        ("work; curl -XPOST http://127.0.0.1:15000/quitquitquit", ISTIO, "istio-proxy", True),
        ("work; pilot-agent request POST quitquitquit", ISTIO, "istio-proxy", True),
        ("work; pilot-agent request POST quitquitquit", {}, None, False),
        ("work; curl -XPOST localhost:15020/quitquitquit", {}, None, False),
        ("work; curl -XPOST localhost:4191/shutdown", LINKERD, "linkerd-proxy", True),
        ("work; curl -XPOST localhost:4191/shutdown", {}, None, False),
        ("work; curl -XPOST localhost:3500/v1.0/shutdown", {"name": "daprd", "image": "daprio/daprd:1"}, "daprd", True),
        ("work; curl -XPOST localhost:9901/quitquitquit", ANY, "proxy", True),
        ("work; curl -XPOST [::1]:9901/-/quit", ANY, "proxy", True),
        ("work; curl -XPOST localhost:9901/quit?now", ANY, "proxy", True),
        ("work; curl -XPOST localhost:9901/shutdown", {"args": ["--admin-port=9901"]}, "proxy", True),
        ("work; curl -XPOST localhost:1234/quitquitquit", ANY, None, False),
        ("work; curl -XPOST $POD_IP:15000/quitquitquit", ISTIO, None, False),
        ("work; curl localhost:9091/quitquitquit", SQL | {"args": ["db"]}, "proxy", False),
        ("work; curl localhost:9091/quitquitquit", SQL | {"args": ["--quitquitquit=false"]}, "proxy", False),
        ("work; curl localhost:9091/quitquitquit", SQL | {"args": ["--quitquitquit", "--admin-port=9092"]}, "proxy", False),
        ("work; curl localhost:9092/quitquitquit", SQL | {"args": ["--quitquitquit", "--admin-port=9092"]}, "proxy", True),
        ("work; curl localhost:9091/quitquitquit", SQL | ASKED, "proxy", True),
        ("trap 'curl localhost:9901/quitquitquit' EXIT; work", ANY, "proxy", True),
    ],
)  # fmt: skip
def test_who_is_told_by_a_call(script: str, proxy: Container, told: str | None, listened: bool) -> None:
    hack = _one(_pod(_sh(script), proxy))
    assert (hack.kind, hack.sidecar, hack.listened) == ("http", told, listened)
    assert (hack.sidecar_field is None) == (told is None)


@pytest.mark.parametrize(
    ("app", "proxy"),
    [
        (_sh("work; curl localhost:9901/ready"), ANY),
        (_sh("work; curl localhost:9901/shutdown-info"), ANY),
        (_sh("work; curl localhost:8080/shutdown"), ANY),
        (_sh("work; curl http://other.example/quitquitquit"), ANY),
        (_sh("echo curl localhost:9901/quitquitquit; work"), ANY),
        (_sh("curl localhost:9902/quitquitquit") | {"ports": [{"containerPort": 9902}]}, ANY),
        ({"command": ["work", "--quit-url"]}, ANY),
        ({"name": "istio-proxy"} | _sh("curl -XPOST localhost:15020/quitquitquit"), ANY),
        (_sh("linkerd-await -- work -S"), LINKERD),
        (_sh("kill -HUP 1; pkill -HUP daemon; kill $PID"), _sh("exec daemon")),
    ],
)
def test_what_tells_nobody_to_quit(app: Container, proxy: Container) -> None:
    assert hacks(_pod(app, proxy, shareProcessNamespace=True)) == ()


def _hook(**handler: Any) -> Container:
    return {"command": ["work"], "lifecycle": {"preStop": handler}}


@pytest.mark.parametrize(
    ("app", "proxy", "told"),
    [
        (_hook(httpGet={"port": 9901, "path": "/quitquitquit"}), ANY, "proxy"),
        (_hook(exec={"command": ["curl", "-XPOST", "http://localhost:9901/quitquitquit"]}), ANY, "proxy"),
        (_hook(exec={"command": ["sh", "-c", "sleep 5; curl -XPOST localhost:15020/quitquitquit"]}), ISTIO, "istio-proxy"),
        ({"env": [{"name": "ISTIO_QUIT_API", "value": "http://127.0.0.1:15020"}]}, ISTIO, "istio-proxy"),
        ({"env": [{"name": "ENVOY_ADMIN_API", "value": "http://127.0.0.1:15000"}]}, {}, None),
        ({"env": [{"name": "CSQL_QUIT_URLS", "value": "http://localhost:9091/quitquitquit"}]}, SQL, "proxy"),
        ({"env": [{"name": "CSQL_QUIT_URLS", "valueFrom": {}}]}, SQL, "proxy"),
    ],
)
def test_hooks_and_environment_are_seen_and_kept(app: Container, proxy: Container, told: str | None) -> None:
    hack = _one(_pod(app, proxy))
    assert (hack.kind, hack.sidecar, hack.removal) == ("http", told, ())
    assert hack.caller_field == ("env" if "env" in app else "lifecycle")
    assert hack.why_not


#: Signals to `/bin/daemon -x` of a neighbour, and what is left of the scripts.
SIGNALS = [
    ("work; rc=$?; pkill daemon; exit $rc", "work; rc=$?; exit $rc"),
    ("work && pkill -TERM -x daemon", "work"),
    ("work; rc=$?; killall -q daemon || true; exit $rc", "work; rc=$?; exit $rc"),
    ("work; rc=$?; kill $(pidof daemon); exit $rc", "work; rc=$?; exit $rc"),
    ("work; rc=$?; kill -9 `pgrep -x daemon`; exit $rc", "work; rc=$?; exit $rc"),
    ('work; rc=$?; kill -s TERM "$(pgrep daemon)"; exit $rc', "work; rc=$?; exit $rc"),
    ("trap 'pkill daemon' EXIT; work", "work"),
    ("work; rc=$?; pkill -f '[d]aemon -x'; exit $rc", "work; rc=$?; exit $rc"),
]


@pytest.mark.parametrize(("script", "after"), SIGNALS)
def test_a_signal_is_taken_out(script: str, after: str) -> None:
    hack = _one(_pod(_sh(script), {"command": ["/bin/daemon", "-x"]}, shareProcessNamespace=True))
    assert (hack.kind, hack.sidecar, hack.sidecar_field, hack.listened) == ("signal", "proxy", "command", True)
    assert _after(hack) == {"app": after}
    assert "shareProcessNamespace" in hack.leftovers[0]


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("work; pkill daemon", "exit code"),
        ("work; rc=$?; pkill -f daemon; exit $rc", "its own command line"),
        ("work; rc=$?; pgrep daemon | xargs kill; exit $rc", "alone"),
        ("work; rc=$?; pkill daemon; while pgrep daemon; do sleep 1; done; exit $rc", "may wait"),
        ("daemon --check; rc=$?; pkill daemon; exit $rc", "of its own"),
    ],
)
def test_a_signal_that_more_depends_on_is_kept(script: str, reason: str) -> None:
    hack = _one(_pod(_sh(script), {"command": ["/bin/daemon", "-x"]}, shareProcessNamespace=True))
    assert (hack.kind, hack.sidecar, hack.removal) == ("signal", "proxy", ())
    assert reason in hack.why_not


def test_whose_process_a_signal_ends() -> None:
    script, third = _sh("work; rc=$?; pkill daemon; exit $rc"), {"name": "third", "image": "example/third"}
    daemon: Container = {"command": ["daemon"]}
    assert _one(_pod(script, daemon, third, shareProcessNamespace=True)).why_not.startswith("it is not known whether `third`")
    assert _one(_pod(script, daemon, third | {"command": ["other"]}, shareProcessNamespace=True)).removal
    assert not _one(_pod(script, daemon)).listened
    assert _one(_pod(script, {"image": "example/daemon:1"}, shareProcessNamespace=True)).sidecar == "proxy"
    assert _one(_pod(script, daemon, third | daemon, shareProcessNamespace=True)).sidecar is None
    assert _one(_pod(_sh("work; pkill nobody"), daemon, shareProcessNamespace=True)).sidecar is None
    assert hacks(_pod(_sh("work; pkill nobody"), daemon)) == ()
    assert hacks(_pod(_sh("daemon & work; pkill daemon"), daemon)) == ()


@pytest.mark.parametrize(
    ("app", "proxy", "expected"),
    [
        ({"command": ["scuttle", "work"]}, ISTIO, ("wrapper", "istio-proxy", "command", True)),
        ({"args": ["/bin/scuttle", "work"]}, {}, ("wrapper", None, "args", False)),
        ({"command": ["linkerd-await", "--shutdown", "--", "work"]}, LINKERD, ("wrapper", "linkerd-proxy", "command", True)),
        ({"command": ["/linkerd-await", "-S"], "args": ["--", "work"]}, {}, ("wrapper", None, "command", False)),
        (_sh("prepare; exec linkerd-await --shutdown -- work"), {}, ("wrapper", None, "command", False)),
    ],
)
def test_wrappers_are_seen_and_kept(app: Container, proxy: Container, expected: tuple[Any, ...]) -> None:
    hack = _one(_pod(app, proxy))
    assert (hack.kind, hack.sidecar, hack.caller_field, hack.listened) == expected
    assert (hack.removal, bool(hack.why_not)) == ((), True)


def test_a_wrapper_with_its_environment_is_one_hack() -> None:
    env = [{"name": name, "value": "http://127.0.0.1:15000"} for name in ("ENVOY_ADMIN_API", "ISTIO_QUIT_API")]
    assert _one(_pod({"command": ["scuttle", "work"], "env": env}, ISTIO)).kind == "wrapper"


def test_kubexit_says_who_dies_with_whom() -> None:
    def env(**values: str) -> Container:
        return {"env": [{"name": f"KUBEXIT_{name}", "value": value} for name, value in values.items()]}

    app, proxy = env(NAME="main", GRAVEYARD="/g"), env(NAME="side", GRAVEYARD="/g", DEATH_DEPS="other,main")
    hack = _one(_pod(app, proxy))
    assert (hack.kind, hack.caller, hack.sidecar, hack.listened, hack.removal) == ("wrapper", "app", "proxy", True, ())
    assert hacks(_pod(env(NAME="main"), env(NAME="side"))) == ()


REMOVALS = [
    *(("file", script) for script, after in CALLERS if after),
    *(("http", script) for script, _ in CALLS),
    *(("signal", script) for script, _ in SIGNALS),
]


def _caller(kind: str, script: str) -> PodView:
    other = {"file": _sh(POLL), "http": SQL, "signal": {"command": ["/bin/daemon", "-x"]}}[kind]
    return _pod(_sh(script), other, shareProcessNamespace=kind == "signal")


def _parses(script: str) -> bool:
    checks = [subprocess.run([shell, "-n", "-c", script], capture_output=True, check=False) for shell in ("bash", "sh")]
    return Source(script).sound and all(check.returncode == 0 and not check.stderr for check in checks)


@pytest.mark.parametrize(("kind", "script"), REMOVALS)
def test_after_a_removal_there_is_nothing_left_to_remove(kind: str, script: str) -> None:
    pods = _caller(kind, script)
    hack = _one(pods)
    after = applied(pods, hack.removal)
    assert hacks(after) == ()
    assert removed(pods, lambda _: True) == ((hack,), hack.removal)
    assert removed(after, lambda _: True) == ((), ())
    assert all(_parses(change.after.replace("\r", "")) for change in hack.removal)
    assert pickle.loads(pickle.dumps(hack)) == hack


_STUBS = """
work() {{ echo work "$@" >> log; return {code}; }}
upload() {{ echo upload "$@" >> log; }}
curl() {{ echo curl >> told; }}
wget() {{ echo wget >> told; }}
pkill() {{ echo pkill >> told; }}
killall() {{ echo killall >> told; }}
kill() {{ echo kill >> told; }}
pidof() {{ echo 1; }}
pgrep() {{ echo 1; }}
sleep() {{ :; }}
timeout() {{ shift; "$@"; }}
"""


def _ran(folder: Path, shell: str, script: str, code: int) -> tuple[int, bytes, str, bool]:
    """The exit code, what was printed and what was run, and whether anybody was told; `/x/` is the folder."""
    for name in ("log", "told", "done"):
        (folder / name).unlink(missing_ok=True)
    text = script.replace("$$$$", "$$").replace("\r\n", "\n").replace("/x/", f"{folder}/").replace("cd /tmp", "cd .")
    ran = subprocess.run([shell, "-c", _STUBS.format(code=code) + text], capture_output=True, cwd=folder, check=False)
    log = (folder / "log").read_text() if (folder / "log").exists() else ""
    printed = b"" if "$$$$" in script else ran.stdout
    return ran.returncode, printed, log, (folder / "told").exists() or (folder / "done").exists()


@pytest.mark.parametrize("shell", ["bash", "sh"])
@pytest.mark.parametrize(("kind", "script"), REMOVALS)
def test_what_stays_runs_and_ends_the_same(kind: str, script: str, shell: str, tmp_path: Path) -> None:
    """In real shells, with work that succeeds and work that fails."""
    if "pipefail" in script and shell == "sh":
        pytest.skip("POSIX.1-2017 has no pipefail")
    after = _one(_caller(kind, script)).removal[0].after
    told = []
    for code in (0, 3):
        before, now = _ran(tmp_path, shell, script, code), _ran(tmp_path, shell, after, code)
        assert before[:3] == now[:3]
        assert not now[3]
        told.append(before[3])
    assert any(told)


@pytest.mark.parametrize("after", [after for _, after in POLLERS if "while" not in after])
def test_a_released_daemon_takes_the_place_of_the_shell(after: str, tmp_path: Path) -> None:
    """With the words that it had."""
    daemon = tmp_path / "proxy"
    daemon.write_text(f'#!/bin/sh\necho "$$" "$#" "$@" >{tmp_path}/seen\nexit 7\n')
    daemon.chmod(0o755)
    text = after.replace("/usr/bin/", "").replace("/log", f"{tmp_path}/log")
    seen = []
    for script in (text, text.replace("exec ", "")):
        ran = subprocess.Popen(["bash", "-c", f"{script}\n:"], env={"PATH": f"{tmp_path}:/usr/bin:/bin"})
        assert ran.wait() == 7 or script != text
        number, *words = (tmp_path / "seen").read_text().split()
        assert (int(number) == ran.pid) is (script == text)
        seen.append(words)
    assert seen[0] == seen[1]


_HACKS = st.sampled_from(("touch /x/done", "> /x/done", "touch /x/done || true", "echo a > /x/done", "touch /x/done 2>/dev/null"))
_SIMPLE = st.sampled_from(
    (
        "work", "work", "upload", "false", "true", "echo x", "rc=$?", "rc=0", "exit $rc", "exit", "exit 4", "x=1", "test $? = 0",
        "work || rc=$?", "! work", "f", "work | cat", "cat </dev/null | work", "export y=$(work)", "z=$(work)", "echo $?",
        "set -e", "set +e", "(exit 5)", "work >/dev/null 2>&1",
    )
)  # fmt: skip


def _joined(statements: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(st.sampled_from(("; ", "\n")), st.lists(statements, min_size=1, max_size=3)).map(lambda t: t[0].join(t[1]))


def _statements(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    held = _joined(inner)
    return st.one_of(
        st.tuples(inner, inner).map(" && ".join),
        st.tuples(inner, inner).map(" || ".join),
        st.tuples(inner, held).map("if {0[0]}; then {0[1]}; fi".format),
        st.tuples(inner, held, held).map("if {0[0]}; then {0[1]}; else {0[2]}; fi".format),
        held.map("{{ {0}; }}".format),
        held.map("( {0} )".format),
        held.map("trap '{0}' EXIT".format),
        held.map("for i in 1 2; do {0}; done".format),
    )


_ANYWHERE = _joined(st.recursive(_SIMPLE | _HACKS, _statements, max_leaves=5))
_BEGINNINGS = ("", "", "set -e\n", "f() { work; }; ", "rc=0; ", "f() { touch /x/done; }\n", "trap 'touch /x/done' EXIT; ")
_ENDS = (
    "; ",
    "; f; exit $rc",
    "\nexit 0\n",
    "; echo $?",
    "; exit",
    "\nexit $rc",
    " && exit 4",
    "; cat </dev/null",
    " || rc=$?; exit $rc",
)
_SCRIPTS = st.one_of(
    st.tuples(st.sampled_from(_BEGINNINGS), _ANYWHERE).map("".join),
    st.tuples(
        st.sampled_from(_BEGINNINGS),
        _joined(st.recursive(_SIMPLE, _statements, max_leaves=3)),
        st.sampled_from(("; ", " && ", "\nrc=$?\n", "; rc=$?; ")),
        _HACKS,
        st.sampled_from(_ENDS),
    ).map("".join),
)


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(script=_SCRIPTS)
def test_no_script_ends_otherwise_without_its_hack(script: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Whatever the script: where a removal is offered, the shell runs and prints the same, and ends with the same code."""
    found = hacks(_pod(_sh(script), _sh(POLL)))
    for hack in found:
        if not hack.removal:
            continue
        folder, after = tmp_path_factory.mktemp("run"), hack.removal[0].after
        event("removed")
        assert _parses(after)
        for code in (0, 3):
            before, now = _ran(folder, "bash", script, code), _ran(folder, "bash", after, code)
            assert before[:3] == now[:3]
            assert not now[3]


_PIECES = st.sampled_from(
    (
        "touch /x/done", "until [ -f /y/done ]; do", "while [ ! -f /x/done ]", "done", "; ", "\n", " & ", " && ", " || ", "fi",
        "kill $PID", "PID=$!", "proxy", "trap '", "'", '"', " EXIT", "curl localhost:9091/quitquitquit", "exit $rc", "if ",
        "then ",
        "{{ x }}", "(", ")", "{ ", "}", "$(", "`", "<<EOF\n", "EOF\n", "pkill -f '(a+)+$'", "killall proxy", "sleep 1", "f() ",
        "$$", "\\", "> /x/done", "case x in ", "esac", "inotifywait /y", "\ud83d\ude00", "\u00fc", "[[ ", " ]]", "break", "exec ",
        "wait", "set -e",
    )
)  # fmt: skip
_NOISE = st.lists(_PIECES, max_size=14).map("".join)


@settings(max_examples=300, deadline=None)
@given(_NOISE, _NOISE)
def test_no_script_is_too_much(app: str, proxy: str) -> None:
    """Nothing raises; what is offered parses and is not found again."""
    pods = _pod(_sh(app), _sh(proxy), shareProcessNamespace=True)
    for hack in hacks(pods):
        assert all(Source(change.after).sound and change.before != change.after for change in hack.removal)
        assert bool(hack.removal) is not bool(hack.why_not)
        assert not any(other.pair == hack.pair for other in hacks(applied(pods, hack.removal)) if hack.removal)


@pytest.mark.parametrize(
    "script",
    [
        "(" * 3000 + "touch /x/done",
        "if a; then " * 1000 + "touch /x/done",
        "a && " * 3000 + "touch /x/done",
        "while " + "! " * 2000 + "[ -f /y/done ]; do y; done",
    ],
)
def test_no_script_is_too_deep(script: str) -> None:
    for pods in (_pod(_sh(script), _sh(POLL)), _pod(_sh("work && touch /x/done"), _sh(script.replace("/x/", "/y/")))):
        assert not any(hack.removal for hack in hacks(pods))


_ANY = st.recursive(
    st.none() | st.booleans() | st.integers(-1, 9) | st.sampled_from(("", "sh", "/x", "run")),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(("name", "value", "exec", "command", "preStop")), inner, max_size=3)
    ),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(st.sampled_from(("command", "args", "env", "volumeMounts", "lifecycle", "ports", "stdin")), _ANY, max_size=4)
)
def test_a_field_may_hold_anything(fields: dict[str, Any]) -> None:
    hacks(_pod(_sh("work && touch /x/done") | fields, _sh(POLL), shareProcessNamespace=True))
    hacks(_pod(_sh("work && touch /x/done"), _sh(POLL) | fields))
