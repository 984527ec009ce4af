"""Clients: the ports on localhost that a command asks, also where it names none because its product has a standard."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from migrator.judge.shell.programs import local_ports
from migrator.judge.shell.wrappers import base_name

_NAMES = """
    curl wget nc ncat netcat telnet psql pg_isready mysql mysqladmin mariadb mariadb-admin redis-cli mongo mongosh
    grpc_health_probe grpc-health-probe grpcurl cqlsh kcat kafkacat http https rabbitmqadmin
"""
CLIENTS = frozenset(_NAMES.split())
_STANDARD = {"redis-cli": 6379, "mongosh": 27017, "mongo": 27017, "psql": 5432, "pg_isready": 5432}
_STANDARD |= dict.fromkeys(("mysql", "mysqladmin", "mariadb", "mariadb-admin"), 3306)
#: Without these hosts they ask by a unix socket.
_BY_NETWORK = {5432: ("localhost", "127.0.0.1"), 3306: ("127.0.0.1",)}
_LOCAL = ("localhost", "127.0.0.1")


def asked_ports(words: Sequence[str]) -> frozenset[int]:
    """The ports on localhost that a client asks, its product's own one included where it names none."""
    name = base_name(words[0])
    named = local_ports(words) if name in CLIENTS else frozenset()
    standard = _STANDARD.get(name)
    if named or standard is None or any("://" in word for word in words):
        return named
    hosts = _values(words, "-h", "--host")
    if any(host not in _LOCAL for host in hosts) or (not hosts and standard in _BY_NETWORK):
        return named
    if any(host not in _BY_NETWORK.get(standard, _LOCAL) for host in hosts):
        return named
    ports = _values(words, "-P" if standard == 3306 else "-p", "--port")
    return frozenset(int(port) for port in ports if port.isdecimal() and len(port) < 6) if ports else frozenset({standard})


def _values(words: Sequence[str], short: str, long: str) -> list[str]:
    """The values that an option is given."""
    found = [after for word, after in pairwise(words) if word in (short, long)]
    return found + [word.partition("=")[2] for word in words if word.startswith(f"{long}=")]
