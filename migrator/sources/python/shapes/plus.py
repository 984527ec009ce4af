"""Pods of cdk8s-plus: objects that take their containers one by one, `deployment.add_container(name=..., image=...)`.

A container moves by the name of the method: `add_init_container` takes the same arguments. Order counts by the calls.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import libcst as cst

from migrator.model import Workload
from migrator.sources.python.elements import Append, Containers, Element, Lists
from migrator.sources.python.inits import Inits, read_inits
from migrator.sources.python.libraries.dialect import Dialect
from migrator.sources.python.libraries.dialects import roles
from migrator.sources.python.nodes import mapping
from migrator.sources.python.owners import Owners
from migrator.sources.python.pods import OTHERS, Spec, Spelling
from migrator.sources.python.shapes.appended import WHY
from migrator.sources.python.shapes.plusvalues import container, fields
from migrator.sources.python.syntax import Syntax
from migrator.sources.python.values import Hole, Values
from migrator.text.tree import Node

#: What adds a container that was made before; nothing adds an init container so.
_ATTACH = "attach_container"


@dataclass(frozen=True)
class _Added:
    """A call that adds a container to an object, by this method."""

    call: cst.Call
    method: cst.Name


@dataclass
class _Object:
    """What the file does with one object: the calls that add to it, whether others get hold of it, and who asks for ports."""

    added: list[_Added]
    handed: bool = False
    exposed: str = ""
    manual: str = ""


def added(syntax: Syntax, values: Values, owners: Owners) -> Iterator[Spec]:
    """The objects that are made in a file, then those of others that containers are added to."""
    reader = _Reader(syntax, values, owners)
    for call in syntax.nodes(cst.Call):
        made = values.known.pod_spec(call)
        if made is not None and made.dialect.methods is not None:
            yield reader.made_here(call, made.dialect, made.module)
    for module, dialect in _modules(syntax):
        yield from reader.made_elsewhere(module, dialect)


class _Reader:
    """Reads the objects of one file."""

    def __init__(self, syntax: Syntax, values: Values, owners: Owners) -> None:
        self.syntax = syntax
        self.values = values
        self.owners = owners
        self.lists = Lists(syntax, values)
        self.claimed: set[cst.CSTNode] = set()

    def made_here(self, call: cst.Call, dialect: Dialect, module: str) -> Spec:
        """The object that a constructor makes, with what is added to it."""
        arguments = {held.keyword.value: held.value for held in call.args if held.keyword is not None}
        given, initial = (arguments.get(keyword) for keyword in dialect.lists)
        listed = Containers() if given is None else self._listed(self.lists.read(given), dialect)
        inits = read_inits(self.lists, initial)
        used = self._object(call, dialect)
        self.claimed.update(held.call for held in used.added)
        pod = fields(self.values, call, dialect)
        kind, api_version = self.values.known.workload(call) or ("PodSpec", "")
        workload = replace(
            self.owners.workload(call, None), kind=kind, api_version=api_version, runs_to_completion=kind in ("Job", "CronJob")
        )
        return self._spec(call, dialect, module, listed, inits, used, pod, workload)

    def made_elsewhere(self, module: str, dialect: Dialect) -> Iterator[Spec]:
        """What is added to objects that are not followed: each variable's, or attribute's, as a pod with the others unseen."""
        groups: dict[tuple[cst.CSTNode, str], list[_Added]] = {}
        for call in self.syntax.nodes(cst.Call):
            method = call.func
            if call not in self.claimed and isinstance(method, cst.Attribute) and method.attr.value in (dialect.methods or ()):
                key = self.syntax.function(call), self.syntax.source(method.value)
                groups.setdefault(key, []).append(_Added(call, method.attr))
                self.claimed.add(call)
        for calls in groups.values():
            if any(held.method.value == (dialect.methods or ("",))[0] for held in calls):
                at = calls[0].call
                empty = mapping((), self.syntax.span(at).start)
                nothing, pod = Inits("absent", Containers()), Workload("", "PodSpec", "")
                spec = self._spec(at, dialect, module, Containers(), nothing, _Object(calls), empty, pod)
                yield replace(spec, owner=None, main=OTHERS, assist=WHY, containers=replace(spec.containers, open=True))

    def _spec(
        self,
        call: cst.Call,
        dialect: Dialect,
        module: str,
        listed: Containers,
        inits: Inits,
        used: _Object,
        pod: Node,
        workload: Workload,
    ) -> Spec:
        assert dialect.methods is not None
        first = [self._element(held, used, dialect, call) for held in used.added if held.method.value != dialect.methods[1]]
        later = [self._element(held, used, dialect, call) for held in used.added if held.method.value == dialect.methods[1]]
        before = [replace(held, value=container(self.values, held, dialect)) for held in inits.held.elements]
        seen = replace(inits, held=replace(inits.held, elements=(*before, *later)))
        keyword, value = dialect.restart
        always = written(self.syntax, call, module, value)
        why = "" if always else f"`{value.partition('.')[0]}` is not imported here"
        return Spec(
            "cdk8s-plus",
            call,
            call,
            Spelling(*dialect.lists, keyword, always),
            dialect.id,
            replace(listed, elements=(*listed.elements, *first), open=listed.open or used.handed),
            seen,
            pod,
            workload,
            manual=used.manual or why,
            module=module,
        )

    def _listed(self, listed: Containers, dialect: Dialect) -> Containers:
        """The containers of the constructor; their names may be those that others have by default."""
        elements = []
        for held in listed.elements:
            value = container(self.values, held, dialect)
            manual = held.manual or ("" if isinstance(held.made, cst.Call) else "it is no call") or _nameless(value)
            elements.append(replace(held, value=value, manual=manual))
        return replace(listed, elements=tuple(elements))

    def _element(self, held: _Added, used: _Object, dialect: Dialect, owner: cst.Call) -> Element:
        """The container that a call adds."""
        called = self._called(held.call)
        append = Append(self.syntax.statement(held.call) or held.call, held.method, held.call)
        if held.method.value == _ATTACH:
            node = self.values.node(held.call.args[0].value) if held.call.args else self.values.hole(held.call)
            return Element(node, None, append=append, manual=f"nothing like `{_ATTACH}` is there for init containers")
        made = Element(self.values.fields(held.call, dialect.field_name), held.call, append=append)
        value = container(self.values, made, dialect)
        manual = _nameless(value)
        if self.syntax.looped(held.call):
            manual = "it is added in a loop"
        elif self.syntax.function(held.call) is not self.syntax.function(owner):
            manual = "it is added in another function"
        elif used.exposed and value.get("ports") is not None:
            manual = f"{used.exposed} in `containers` alone"
        else:
            manual = manual or self._kept(held.call)
        return replace(made, value=value, called=called, manual=manual)

    def _called(self, call: cst.Call) -> tuple[str, ...]:
        """The variable that what was added goes by."""
        name = _target(self.syntax, call)
        return (name.value,) if isinstance(name, cst.Name) else ()

    def _kept(self, call: cst.Call) -> str:
        """Why the container that a call gives back may be looked for among the others: nothing where only it is used."""
        above = self.syntax.parent(call)
        if isinstance(above, cst.Expr) or (isinstance(above, cst.Attribute) and above.value is call):
            return ""
        name = _target(self.syntax, call)
        if not isinstance(name, cst.Name):
            return "what it gives back is used elsewhere"
        for use in self.syntax.uses(name):
            if use is not name and not isinstance(self.syntax.parent(use), cst.Attribute):
                return f"`{name.value}` is used on line {self.syntax.line(use)} as well"
        return ""

    def _object(self, call: cst.Call, dialect: Dialect) -> _Object:
        """What the file does with the object that a constructor makes."""
        found = _Object([])
        above = self.syntax.parent(call)
        if isinstance(above, cst.Attribute):
            self._use(call, dialect, found)
        target = _target(self.syntax, call)
        if target is None:
            return found
        uses: list[cst.CSTNode]
        if isinstance(target, cst.Name):
            uses = [use for use in self.syntax.uses(target) if use is not target]
            several = self.syntax.assigned(target) is not call
        else:
            same = self._same(target)
            uses = [use for use in same if not isinstance(self.syntax.parent(use), (cst.AssignTarget, cst.AnnAssign))]
            several = len(same) > len(uses) + 1
        if several:
            found.manual = f"`{self.syntax.source(target)}` is given a value in several places"
        for use in uses:
            self._use(use, dialect, found)
        return found

    def _use(self, use: cst.CSTNode, dialect: Dialect, found: _Object) -> None:
        method = self.syntax.parent(use)
        if not isinstance(method, cst.Attribute) or method.value is not use:
            found.handed = True
            selects = isinstance(method, cst.Arg) and method.keyword is not None and method.keyword.value == "selector"
            found.exposed = found.exposed or ("" if selects else f"line {self.syntax.line(use)} may look for ports")
            return
        word, above = method.attr.value, self.syntax.parent(method)
        if word in (*(dialect.methods or ()), _ATTACH) and isinstance(above, cst.Call) and above.func is method:
            found.added.append(_Added(above, method.attr))
        elif word.startswith("expose") or word == "connections":
            found.exposed = f"`{word}` on line {self.syntax.line(use)} looks for ports"

    def _same(self, target: cst.BaseExpression) -> list[cst.CSTNode]:
        """All places in the class that have the same attribute."""
        source = self.syntax.source(target)
        inside = next((held for held in self.syntax.above(target) if isinstance(held, cst.ClassDef)), self.syntax.module)
        attributes = (node for node in self.syntax.nodes(cst.Attribute) if self.syntax.source(node) == source)
        return [node for node in attributes if inside is self.syntax.module or inside in self.syntax.above(node)]


def written(syntax: Syntax, at: cst.CSTNode, module: str, value: str) -> str:
    """An attribute of a module as an import that is there lets it be written; empty where none does."""
    scope = syntax.scope(at)
    first, _, rest = value.partition(".")
    for name in _imported(syntax) if scope is not None else ():
        known = {held.name for held in scope.get_qualified_names_for(name)} if scope is not None else set()
        if known == {module}:
            return f"{name}.{value}"
        if known == {f"{module}.{first}"}:
            return f"{name}.{rest}"
    return ""


def _imported(syntax: Syntax) -> Iterator[str]:
    """The names that the imports of a file give."""
    for node in syntax.nodes(cst.ImportAlias):
        name = node.evaluated_alias or node.evaluated_name
        yield name


def _modules(syntax: Syntax) -> list[tuple[str, Dialect]]:
    """The modules of such libraries that a file imports from."""
    imported = [alias.evaluated_name for node in syntax.nodes(cst.Import) for alias in node.names]
    imported += [syntax.source(node.module) for node in syntax.nodes(cst.ImportFrom) if node.module is not None]
    found: dict[str, Dialect] = {}
    for name in imported:
        held = next((one for one in roles(f"{name}.Deployment") if one.dialect.methods is not None), None)
        if held is not None:
            found[name] = held.dialect
    return list(found.items())


def _target(syntax: Syntax, call: cst.Call) -> cst.Name | cst.Attribute | None:
    """The one variable or attribute that a call's result is given to."""
    above = syntax.parent(call)
    target: cst.BaseExpression | None = None
    if isinstance(above, cst.AssignTarget):
        above = syntax.parent(above)
    if isinstance(above, cst.Assign) and len(above.targets) == 1:
        target = above.targets[0].target
    elif isinstance(above, cst.AnnAssign):
        target = above.target
    return target if isinstance(target, (cst.Name, cst.Attribute)) else None


def _nameless(value: Node) -> str:
    name = value.get("name")
    literal = name is not None and not isinstance(name, Hole) and name.kind == "scalar"
    return "" if literal else "it is not called by a name that stands here, and the name that it gets by itself would be another"
