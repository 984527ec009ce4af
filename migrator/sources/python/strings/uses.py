"""What a Python file does with a string: fill it in, join it to others, or neither."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Mapping
from typing import Literal

#: What becomes of a string: filled in by `str.format`, `%`, `string.Template` or Jinja, or joined to another text.
Use = Literal["format", "percent", "template", "jinja", "joined"]
Parents = Mapping[ast.AST, ast.AST]

#: Functions and methods of strings whose result is the same manifest in the same lines.
_FUNCTIONS = ("dedent", "cleandoc", "str")
_METHODS = ("strip", "lstrip", "rstrip", "replace", "expandtabs", "encode")
_ENGINES = ("Template", "from_string")


class Uses:
    """How the strings of one module are used, where they stand and by the names they are given."""

    def __init__(self, tree: ast.Module) -> None:
        self.parents: dict[ast.AST, ast.AST] = {}
        self._named: dict[str, set[Use]] = defaultdict(set)
        self._templates = set[str]()
        nodes = list(ast.walk(tree))
        for node in nodes:
            for child in ast.iter_child_nodes(node):
                self.parents[child] = node
            if isinstance(node, ast.ImportFrom) and node.module == "string":
                self._templates |= {alias.asname or alias.name for alias in node.names if alias.name == "Template"}
        for node in nodes:
            if isinstance(node, (ast.Name, ast.Attribute)) and (use := self._use(self._carrier(node))):
                self._named[_last(node)].add(use)

    def of(self, node: ast.expr) -> set[Use]:
        """The uses of the string at `node`, and of the variables, attributes and arguments that hold it by name."""
        carrier = self._carrier(node)
        use = self._use(carrier)
        found = {use} if use else set()
        above = self.parents.get(carrier)
        if isinstance(above, (ast.Assign, ast.AnnAssign)) and above.value is carrier:
            targets = above.targets if isinstance(above, ast.Assign) else [above.target]
            names = [_last(target) for target in targets]
        else:
            names = [above.arg or ""] if isinstance(above, ast.keyword) else []
        return found.union(*(self._named.get(name, set()) for name in names if name))

    def _carrier(self, node: ast.expr) -> ast.expr:
        """The outermost expression around `node` that is the same text, but for its margin and ends."""
        while True:
            above = self.parents.get(node)
            if isinstance(above, ast.Call) and above.args[:1] == [node] and _last(above.func) in _FUNCTIONS:
                node = above
            elif isinstance(above, ast.Attribute) and above.attr in _METHODS:
                call = self.parents.get(above)
                if not isinstance(call, ast.Call) or call.func is not above:
                    return node
                node = call
            else:
                return node

    def _use(self, node: ast.expr) -> Use | None:
        above = self.parents.get(node)
        if isinstance(above, ast.Attribute):
            return "format" if above.attr in ("format", "format_map") else None
        if isinstance(above, ast.BinOp):
            if isinstance(above.op, ast.Mod):
                return "percent" if above.left is node else None
            return "joined" if isinstance(above.op, ast.Add) else None
        if isinstance(above, ast.AugAssign):
            return "joined" if isinstance(above.op, ast.Add) else None
        if isinstance(above, ast.FormattedValue):
            return "joined"
        if isinstance(above, ast.Call) and above.args[:1] == [node]:
            return "template" if self._of_string(above.func) else "jinja" if _last(above.func) in _ENGINES else None
        return None

    def _of_string(self, function: ast.expr) -> bool:
        """Whether this is `string.Template`."""
        if isinstance(function, ast.Attribute):
            return function.attr == "Template" and _last(function.value) == "string"
        return isinstance(function, ast.Name) and function.id in self._templates


def _last(node: ast.expr) -> str:
    """The last word of a dotted name, "" where it is none."""
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
