"""Scripts: which commands they run, what they do for as long as they run, and what they wait for, make and stop."""

from __future__ import annotations

import pickle
import subprocess
import sys
from typing import Any

import pytest

from migrator.judge.shell.words import Words, read


def script(text: str) -> Words:
    """What is read of `sh -c TEXT`."""
    return read(["sh", "-c", text], [])


HEREDOC = "cat > /etc/x <<'EOF'\nwhile true; do never; done\nEOF\nexec app --conf /etc/x\n"


@pytest.mark.parametrize(
    ("text", "commands"),
    [
        ("foo 'a b' \"c d\" e\\ f", [("foo", "a b", "c d", "e f")]),
        ('foo "a $B" ${C:-d} "x\\"y" \'$D\'', [("foo", "a $B", "${C:-d}", 'x"y', "$D")]),
        ("foo a'b c'\"d e\"f", [("foo", "ab cd ef")]),
        ("foo \\\n  --a \\\n  --b", [("foo", "--a", "--b")]),
        ("foo # bar\n# baz\nqux", [("foo",), ("qux",)]),
        ("A=1 B='x y' foo", [("foo",)]),
        ("foo && bar || baz; qux | quux &", [("foo",), ("bar",), ("baz",), ("qux",), ("quux",)]),
        ('foo $(bar x) "$(baz)" `qux`', [("foo", "$(bar x)", "$(baz)", "`qux`"), ("bar", "x"), ("baz",), ("qux",)]),
        ("X=$(foo)", [("foo",)]),
        ("diff <(foo) <(bar)", [("diff", "<(foo)", "<(bar)"), ("foo",), ("bar",)]),
        ("git clone $(REPO) .", [("git", "clone", "$(REPO)", ".")]),
        ("echo $$(date)", [("echo", "$(date)"), ("date",)]),
        (HEREDOC, [("cat",), ("app", "--conf", "/etc/x")]),
        ("cat <<EOF | foo -\n$(bar)\nEOF\nbaz", [("cat",), ("foo", "-"), ("bar",), ("baz",)]),
        ("cat <<EOF >/x && foo\ntext\nEOF", [("cat",), ("foo",)]),
        ("f() { foo; }; g() { bar; }; f; f", [("foo",)]),
        ("f() { g; }; g() { f; }; f", []),
        ("case $X in a|b) foo;; *) bar;; esac", [("foo",), ("bar",)]),
        ("if [[ -f /x && $A == b* ]]; then foo; elif bar; then baz; else qux; fi", [("foo",), ("bar",), ("baz",), ("qux",)]),
        ("(foo; bar) 2>&1 >/dev/null", [("foo",), ("bar",)]),
        ("{ foo; } && ! bar", [("foo",), ("bar",)]),
        ("exec tini -s -- nohup env -u A B=1 sudo -u me nice -n 5 foo -x", [("foo", "-x")]),
        ("timeout -s KILL 30 foo; gosu me bar; exec -a name baz", [("foo",), ("bar",), ("baz",)]),
        ("bash -euo pipefail -c 'foo; bar x'", [("foo",), ("bar", "x")]),
        ("busybox tail -f /x; busybox sh -c 'foo'", [("tail", "-f", "/x"), ("foo",)]),
        ("command -v foo && foo", [("command", "-v", "foo"), ("foo",)]),
        ("foo '{{ .Values.a b }}' {{ .Values.c }}", [("foo", "{{ .Values.a b }}", "{{ .Values.c }}")]),
        ("{{- if .Values.x }}\nfoo\n{{- end }}", [("foo",)]),
        ("echo 'never closed", [("echo",)]),
        ("", []),
        ("# nothing", []),
    ],
)
def test_the_commands_of_a_script(text: str, commands: list[tuple[str, ...]]) -> None:
    assert list(script(text).commands) == commands


@pytest.mark.parametrize(
    ("text", "program"),
    [
        ("cp /a /b; exec /bin/foo", "foo"),
        ("set -e; cd /x; mkdir -p /y; chmod 700 /y; foo", "foo"),
        ("until nc -z localhost 80; do sleep 1; done; foo", "foo"),
        ("sleep 10; foo", "foo"),
        ("sleep 3600", "sleep"),
        ("X=$(cat /x); foo", "foo"),
        ("if foo; then exec bar; fi; exec baz", "baz"),
        ('exec "$@"', None),
        ("echo hello", None),
    ],
)
def test_the_program_of_a_script(text: str, program: str | None) -> None:
    assert script(text).program == program


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("while true; do foo; sleep 1; done", "loop"),
        ("while :; do foo; done", "loop"),
        ("while [ 1 ]; do foo; done", "loop"),
        ("while [[ true ]]; do foo; done", "loop"),
        ("while ((1)); do foo; done", "loop"),
        ("while [ 1 -eq 1 ]; do foo; done", "loop"),
        ("until false; do foo; done", "loop"),
        ("while ! false; do foo; done", "loop"),
        ("for ((;;)); do foo; done", "loop"),
        ("for ((i=0;;i++)); do foo; done", "loop"),
        ("while sleep 60; do foo; done", "loop"),
        ("while date && sleep 60; do foo; done", "loop"),
        ("while inotifywait -e modify /x; do nginx -s reload; done", "loop"),
        ("git clone x && while true; do git pull; sleep 9; done", "loop"),
        ("while :; do git pull || exit 1; sleep 9; done", "loop"),
        ("while :; do for x in a b; do foo && break; done; done", "loop"),
        ("inotifywait -mr /x | while read l; do cp a b; done", "loop"),
        ("while read l; do foo; done < <(inotifywait -m /x)", "loop"),
        ("f() { while true; do foo; sleep 1; done; }; f", "loop"),
        ("bash -c 'while true; do foo; done'", "loop"),
        ("while true; do foo; sleep 5; done & wait", "loop"),
        ("while true; do echo hi; sleep 1; done > /log", "loop"),
        ("while true; do cp a b; sleep 86400; done", "loop"),
        ("watch -n 600 git pull", "loop"),
        ("crond && tail -f /dev/null", "loop"),
        ("while true; do echo still here; sleep 5; done", "idle"),
        ("sleep infinity", "idle"),
        ("sleep 1d", "idle"),
        ("exec tail -f /dev/null", "idle"),
        ("pause", "idle"),
        ("trap 'exit 0' TERM; sleep infinity & wait", "idle"),
        ("tail -f /x", "tail"),
        ("tail -n+1 -F /x | grep foo", "tail"),
        ("until [ -f /x ]; do sleep 1; done; exec tail -F /x", "tail"),
        ("mkfifo /x; tail --follow=name /x", "tail"),
        ("tail -F /x & wait $!", "tail"),
        ("while true; do echo ok | nc -l -p 8080; done", "server"),
        ("nginx && tail -f /var/log/nginx/access.log", "server"),
        ("while true; do foo; done & exec nginx -g 'daemon off;'", "server"),
        ("cp a b", "one-shot"),
        ("set -e; until pg_isready; do sleep 1; done; psql -f /x", "one-shot"),
        ("foo; aws s3 cp a b; chown -R me b; echo done", "one-shot"),
        ("test -f /x && cp /x /y || exit 1", "one-shot"),
        ("if [ -d /x ]; then chmod 700 /x; fi", "one-shot"),
        ("kubectl apply -f /x", "one-shot"),
        ("cat <<EOF | kubectl apply -f -\nx\nEOF", "one-shot"),
        ("tail -n 5 /x", "one-shot"),
        ("echo hello", "one-shot"),
        ("sleep 5", "one-shot"),
        ("kubectl get pods -w", "unknown"),
        ("cp a b; exec foo", "unknown"),
        ("foo & wait", "unknown"),
        ("foo & cp a b", "unknown"),
        ("foo & sleep infinity", "unknown"),
        ("./start.sh && tail -f /dev/null", "unknown"),
        ("timeout 60 tail -f /x", "unknown"),
        ("until nc -z localhost 80; do sleep 1; done", "unknown"),
        ("while ! test -f /x; do foo; sleep 1; done", "unknown"),
        ("while true; do if [ -f /x ]; then exit 0; fi; foo; sleep 1; done", "unknown"),
        ("if [ -f /x ]; then exec foo; fi; cp a b", "unknown"),
        ("[ -f /x ] && exec foo; sleep infinity", "unknown"),
        ("case $X in a) exec foo;; *) cp a b;; esac", "unknown"),
        ("{{ if .Values.x }}while true; do foo; done{{ end }}", "unknown"),
        ("while true; do foo; done; echo 'never closed", "unknown"),
        (HEREDOC, "unknown"),
        ("$(foo)", "unknown"),
    ],
)
def test_what_a_script_does(text: str, kind: str) -> None:
    assert script(text).kind == kind


@pytest.mark.parametrize(
    ("command", "args", "kind"),
    [
        (["cp", "a", "b"], [], "one-shot"),
        ([], ["cp", "a", "b"], "unknown"),
        ([], ["sleep", "infinity"], "idle"),
        (["tail", "-F", "/x"], [], "tail"),
        (["/bin/sh"], ["-c", "sleep inf"], "idle"),
        (["bash", "-o", "pipefail", "-c", "cp a b"], [], "one-shot"),
        (["sh", "/run.sh", "-c", "cp a b"], [], "unknown"),
        (["tini", "--", "sh", "-ec", "tail -f /x"], [], "tail"),
        (["foo"], [], "unknown"),
        ([], [], "unknown"),
    ],
)
def test_what_a_command_does(command: list[str], args: list[str], kind: str) -> None:
    assert read(command, args).kind == kind


@pytest.mark.parametrize(
    ("text", "loops"),
    [
        ("while true; do foo; done", True),
        ("while true; do tail -f /x; sleep 1; done", True),
        ("while true; do foo; done & exec bar", True),
        ("cron; foo", True),
        ("while ! nc -z localhost 80; do sleep 1; done", False),
        ("while read x; do foo; done < /x", False),
        ("while pgrep foo; do sleep 1; done", False),
        ("for x in a b; do foo; done", False),
        ("echo 'while true; do foo; done'", False),
        ("f() { while true; do foo; done; }; bar", False),
        (HEREDOC, False),
    ],
)
def test_only_what_never_ends_loops(text: str, loops: bool) -> None:
    assert script(text).loops is loops


@pytest.mark.parametrize(
    ("text", "ports", "files"),
    [
        ("until nc -z localhost 8080; do sleep 1; done", {8080}, set()),
        ("while ! nc -z -w 2 127.0.0.1 8080; do sleep 1; done", {8080}, set()),
        ("until curl -sf http://localhost:15021/ready; do sleep 1; done", {15021}, set()),
        ("until wget -qO- http://localhost/; do sleep 1; done", {80}, set()),
        ("until (echo > /dev/tcp/localhost/5432) 2>/dev/null; do sleep 1; done", {5432}, set()),
        ("until pg_isready -h 127.0.0.1 -p 5432; do sleep 1; done", {5432}, set()),
        ("until pg_isready -h db -p 5432; do sleep 1; done", set(), set()),
        ("until nc -z db 5432; do sleep 1; done", set(), set()),
        ('while [ "$(curl -so /dev/null localhost:9090)" != 200 ]; do sleep 1; done', {9090}, set()),
        ("while true; do nc -z localhost 80 && break; sleep 1; done", {80}, set()),
        ("for i in $(seq 30); do nc -z localhost 80 && break; sleep 1; done", {80}, set()),
        ("while true; do if [ -f /x ]; then exit 0; fi; sleep 1; done", set(), {"/x"}),
        ("while [ ! -f /x/done ]; do sleep 1; done", set(), {"/x/done"}),
        ("until [[ -e '/x y' ]] || test -s \"$FILE\"; do sleep 1; done", set(), {"/x y", "$FILE"}),
        ("while ! test -f /x; do sleep 1; done", set(), {"/x"}),
        ("until ls /x/*.log; do sleep 1; done", set(), {"/x/*.log"}),
        ("while [ -f /x ]; do sleep 1; done", set(), set()),
        ("nc -z localhost 80; [ -f /x ]", set(), set()),
    ],
)
def test_what_a_script_waits_for(text: str, ports: set[int], files: set[str]) -> None:
    read = script(text)
    assert (set(read.waits_for_ports), set(read.waits_for_files)) == (ports, files)
    assert read.waits is ("do" in text)


@pytest.mark.parametrize(
    ("text", "touches"),
    [
        ("touch /a /b; mkfifo -m 600 /c", {"/a", "/b", "/c"}),
        ("foo > /a 2>> /b < /c", {"/a", "/b"}),
        ("> /a; : > '/b c'", {"/a", "/b c"}),
        ("foo >/dev/null 2>&1 | tee -a /a", {"/a"}),
        ("cat <<EOF > /a\nx > /b\nEOF", {"/a"}),
        ("trap 'touch /done' EXIT; foo", {"/done"}),
        ("trap -- 'touch /done' EXIT; foo", {"/done"}),
        ("end() { touch /done; }; trap end EXIT; foo", {"/done"}),
        ("echo 'foo > /a'", set()),
    ],
)
def test_which_files_a_script_makes(text: str, touches: set[str]) -> None:
    assert set(script(text).touches) == touches


@pytest.mark.parametrize(
    ("text", "quits"),
    [
        ("foo; curl -X POST http://localhost:15020/quitquitquit", ("http://localhost:15020/quitquitquit",)),
        ("foo && wget --post-data= localhost:4191/shutdown", ("localhost:4191/shutdown",)),
        ("foo; pkill -f envoy; killall bar; kill -9 7", ("pkill -f envoy", "killall bar", "kill -9 7")),
        ("trap 'pkill envoy' EXIT; foo", ("pkill envoy",)),
        ("foo & P=$!; bar; kill $P; kill $!; kill %1", ()),
        ("kill -HUP 1; pkill -HUP foo; kill -0 5; kill -s USR1 7", ()),
        ("echo /quitquitquit", ()),
    ],
)
def test_what_a_script_tells_to_quit(text: str, quits: tuple[str, ...]) -> None:
    assert script(text).quits == quits


@pytest.mark.parametrize(
    "text",
    [
        "(" * 3000,
        "$(" * 1000,
        "if a; then " * 1000,
        "while " + "a && " * 3000 + "b; do c; done",
        "while " + "! " * 50 + "[ " + "! " * 2000 + "-f x ]; do y; done",
        "while [[ " + "-f /x && " * 3000 + "-f /y ]]; do b; done",
        "<<" * 500,
        "a | " * 3000,
        "\udcff\0{{",
    ],
)
def test_no_script_is_too_much(text: str) -> None:
    assert script(text).kind == "unknown"


def test_words_can_be_sent_to_another_process() -> None:
    read = script("while true; do foo; done")
    assert pickle.loads(pickle.dumps(read)) == read


def test_the_grammar_is_loaded_only_for_scripts() -> None:
    load = "import sys; from migrator.judge.shell.words import read; read(['foo'], ['-x'])"
    check = f"{load}; assert 'tree_sitter' not in sys.modules"
    options: dict[str, Any] = {"check": True, "timeout": 60}
    subprocess.run([sys.executable, "-c", check], **options)
