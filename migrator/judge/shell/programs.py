"""What a simple command does, as far as its own words say: ends by itself, follows a file, serves, waits."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Literal

from migrator.judge.shell.wrappers import Words, base_name

Kind = Literal["server", "loop", "tail", "idle", "one-shot", "unknown"]


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: Programs that run others again and again.
REPEATERS = frozenset({"watch", "crond", "cron", "supercronic", "entr"})
#: Built-ins and their like that prepare or tell and do no work of their own.
QUIET = _names(
    "set cd echo export trap : true false test [ printf date umask ulimit shopt local declare typeset readonly "
    "unset shift read type hash alias return break continue exit wait fg let pwd command umount stty disown jobs"
)
#: What a script does before it comes to the point.
PREPARES = _names("sleep mkdir touch chmod chown rm mkfifo ln kill pkill . source mount sysctl")
WAITERS = frozenset({"sleep", "pause", "wait", "true", ":", "echo", "trap", "set", "tail"})
#: A wait of this many seconds is meant to last.
_LONG = 1000

_ONE_SHOT = _names(
    "cp mv ln rm mkdir touch chmod chown chgrp install rsync scp tar unzip gunzip gzip curl wget sed awk grep cat "
    "ls find xargs sort head cut tr tee dd envsubst jq yq openssl keytool psql pg_dump pg_restore pg_isready mysql "
    "mysqldump mysqladmin sqlcmd mongodump mongorestore iptables ip6tables iptables-restore ip sysctl modprobe "
    "mount kill pkill killall mkfifo base64 sha256sum hostname rclone s3cmd azcopy mc update-ca-certificates apk "
    "apt apt-get yum dnf htpasswd"
)
#: Programs that do one thing or stay, depending on a word: the first such word after the program.
_ONE_SHOT_VERBS = {
    "git": _names("clone pull fetch checkout config submodule init reset lfs"),
    "kubectl": _names("apply patch create delete annotate label replace scale rollout cp exec get wait taint"),
    "oc": _names("apply patch create delete annotate label replace process"),
    "aws": frozenset({"cp", "sync", "mv", "rm", "get-secret-value"}),
    "gsutil": frozenset({"cp", "rsync", "mv", "rm"}),
    "helm": frozenset({"install", "upgrade", "template", "repo"}),
    "pip": frozenset({"install"}),
    "npm": frozenset({"install", "ci"}),
    "nginx": frozenset({"-t", "-s"}),
}
_FOLLOWING = {"--follow", "-w", "--watch", "--watch-only"}
_SERVERS = _names(
    "nginx httpd apache2 apache2ctl httpd-foreground apache2-foreground caddy haproxy gunicorn uvicorn hypercorn "
    "granian redis-server memcached mysqld postgres mongod sshd dropbear php-fpm vsftpd http-server http-echo"
)
_SERVING = re.compile(
    r"\bhttp\.server\b|\bSimpleHTTPServer\b|\bLISTEN:|\bphp -S\b|\bkubectl (?:proxy|port-forward)\b|\bgit daemon\b"
)
_NETCAT = frozenset({"nc", "ncat", "netcat"})

_CREATION_FLAGS = frozenset({"-m", "--mode", "-d", "-r", "-t"})
_NUMBER = re.compile(r"\d{2,5}")
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1", "0.0.0.0"})
_LOCAL_PORT = re.compile(r"(?:\blocalhost|\b127\.0\.0\.1|\b0\.0\.0\.0|\[::1\])(?::|\)?:|/)(\d{2,5})\b")
_LOCAL_URL = re.compile(r"(https?)://(?:localhost|127\.0\.0\.1|\[::1\])(?=[/?]|\Z)")
_PORT_FLAG = re.compile(r"(?:-[pP]|--port)(?:=?(\d{2,5}))?\Z")
_HOST_FLAG = re.compile(r"(?:-h|--host(?:name)?)(?:=(.+))?\Z")
_QUIT_URL = re.compile(r"(?:\A|/)(?:quitquitquit|-/quit|shutdown)(?=[?/]|\Z)")
#: Signals that end nothing: 0 asks whether the process is there, the others have it read its files again.
_HARMLESS = re.compile(r"-(?:0|1|10|12|28|(?:SIG)?(?:HUP|USR1|USR2|WINCH|CHLD|CONT|STOP))\Z", re.IGNORECASE)


def kind_of(words: Words) -> Kind | None:
    """What a command does, None where it only prepares, tells or waits for a while."""
    name, rest = base_name(words[0]), words[1:]
    if name == "sleep":
        return _sleeps(rest)
    if name == "pause":
        return "idle"
    if name in QUIET or (name == "inotifywait" and not watches(words)):
        return None
    if name == "tail":
        return ("idle" if rest[-1] == "/dev/null" else "tail") if follows(words) else "one-shot"
    if name in REPEATERS:
        return "loop"
    return _known(name, rest)


def _flag(words: Words, letter: str) -> bool:
    return any(re.match(rf"-\w*{letter}", word) for word in words)


def _known(name: str, rest: Words) -> Kind | None:
    if verbs := _ONE_SHOT_VERBS.get(name):
        if not verbs.isdisjoint(rest) and _FOLLOWING.isdisjoint(rest):
            return "one-shot"
    elif name in _ONE_SHOT:
        return "one-shot"
    if name in _NETCAT and _flag(rest, "z"):
        return None
    listens = name in _NETCAT and _flag(rest, "l")
    return "server" if listens or name in _SERVERS or _SERVING.search(" ".join((name, *rest))) else "unknown"


def _sleeps(durations: Words) -> Kind | None:
    seconds = 0.0
    for word in durations:
        found = re.fullmatch(r"(\d+(?:\.\d+)?)([smhd]?)", word)
        if not found:
            return "idle" if word in ("infinity", "inf") else None
        seconds += float(found.group(1)) * {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}[found.group(2)]
    return "idle" if seconds >= _LONG else None


def follows(words: Words) -> bool:
    """Whether a command is `tail -f` or `-F` of something."""
    flags = [word for word in words[1:] if word.startswith("-")]
    return len(words) > 2 and base_name(words[0]) == "tail" and any(re.match(r"-\w*[fF]|--follow", word) for word in flags)


def watches(words: Words) -> bool:
    """Whether a command is `inotifywait -m`: it tells of changes without end."""
    return base_name(words[0]) == "inotifywait" and (_flag(words[1:], "m") or "--monitor" in words)


def local_ports(words: Sequence[str]) -> frozenset[int]:
    """The ports on localhost that a command asks for, by URL, address, or `-p` with no other host."""
    found: set[int] = set()
    for word in words:
        found.update(int(number) for number in _LOCAL_PORT.findall(word))
        found.update(443 if scheme == "https" else 80 for scheme in _LOCAL_URL.findall(word))
    found.update(int(b) for a, b in pairwise(words) if a in _LOCAL and _NUMBER.fullmatch(b))
    hosts, ports = set(_flagged(words, _HOST_FLAG)), set(_flagged(words, _PORT_FLAG))
    if hosts & _LOCAL and hosts <= _LOCAL:
        found.update(int(number) for number in ports if _NUMBER.fullmatch(number))
    return frozenset(found)


def _flagged(words: Sequence[str], flag: re.Pattern[str]) -> Iterator[str]:
    for word, following in zip(words, (*words[1:], ""), strict=True):
        if found := flag.match(word):
            yield found.group(1) or following


def creates(words: Words) -> frozenset[str]:
    """The files that a command makes by their name."""
    if base_name(words[0]) not in ("touch", "tee", "mkfifo"):
        return frozenset()
    pairs = pairwise(words)
    return frozenset(word for flag, word in pairs if not word.startswith(("-", "/dev/")) and flag not in _CREATION_FLAGS)


def quits(words: Words, own: frozenset[str]) -> Iterator[str]:
    """What in a command tells another process to quit: a URL, or the whole `kill`; `own` are names of its own children."""
    name, rest = base_name(words[0]), words[1:]
    if name in ("kill", "pkill", "killall", "killall5"):
        signals = [f"-{b}" for a, b in pairwise(rest) if a in ("-s", "--signal")]
        if any(_HARMLESS.match(word) for word in (*rest, *signals)) or "-l" in rest:
            return
        targets = [word for word in rest if not word.startswith("-")]
        if name != "kill" or any(not _is_own(target, own) for target in targets):
            yield " ".join(words)
    elif name not in ("echo", "printf"):
        yield from (word for word in rest if _QUIT_URL.search(word) and not word.startswith("-"))


def _is_own(target: str, own: frozenset[str]) -> bool:
    return target.startswith("%") or target in ("$!", "$$", "0") or target.strip("${}") in own
