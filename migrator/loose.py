"""Patches that nothing here is built with: what they say of sidecars waits for whoever knows what they are for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from migrator.effective import read_object
from migrator.judge.rules import Catalogue
from migrator.judge.verdict import judge
from migrator.links import Links
from migrator.model import PodResult
from migrator.plan.settle import settle
from migrator.settings import Settings
from migrator.sources.kustomize.brought import brought
from migrator.sources.kustomize.chains import Source
from migrator.sources.kustomize.model import Kustomization, Patch
from migrator.sources.kustomize.objects import patch_documents
from migrator.sources.kustomize.read import form_of
from migrator.sources.kustomize.texts import Texts
from migrator.text.errors import TextError

Resolve = Callable[[Kustomization, str], tuple[str, str] | None]


@dataclass(frozen=True)
class Loose:
    """Looks for such patches in `kustomizations`; `met` are those that were applied to something."""

    kustomizations: Mapping[str, Kustomization]
    resolve: Resolve
    texts: Texts
    met: Collection[Source]

    def results(self, settings: Settings, catalogue: Callable[[], Catalogue], links: Links) -> Iterator[tuple[str, PodResult]]:
        """The pods that would get sidecars by such a patch, each with the file of the kustomization."""
        for own in self.kustomizations.values():
            for patch in own.patches:
                for said in self._loose(own, patch):
                    site = read_object(said)
                    if site is None:
                        continue
                    decisions = settle(site, lambda seen: judge(seen.pod, seen.workload, catalogue(), links), settings, links)
                    why = self._why(own)
                    waiting = tuple(
                        replace(
                            d,
                            container=replace(d.container, line=patch.line),
                            verdict=replace(d.verdict, evidence=tuple(replace(e, line=patch.line) for e in d.verdict.evidence)),
                            action="review",
                            hazards=(),
                            position=None,
                            reason=why,
                        )
                        for d in decisions
                        if d.action != "keep"
                    )
                    if waiting:
                        yield own.path, PodResult(replace(site, line=patch.line), waiting)

    def _loose(self, own: Kustomization, patch: Patch) -> Iterator[dict[str, object]]:
        """The objects that the documents of a patch speak of, if nothing met them. What cannot be read is said elsewhere."""
        try:
            text, path, pointer = self.texts.patch(own, patch)
            form = patch.form or form_of(text)
            documents = patch_documents(text)
        except TextError:
            return
        for number, said in enumerate(documents[:1] if form == "json6902" else documents):
            found = brought(form, said, patch.target)
            if found is not None and Source(path, pointer, number, form) not in self.met:
                yield found

    def _why(self, own: Kustomization) -> str:
        if own.kind == "Component" and not self._used(own):
            return "no kustomization here uses this component"
        if missing := self._missing(own):
            return f"what this patch is for may be in {missing}, which is not here"
        return "nothing here is what this patch is for"

    def _used(self, component: Kustomization) -> bool:
        return any(
            self.resolve(own, ref.path) == ("folder", component.folder)
            for own in self.kustomizations.values()
            for ref in own.components
        )

    def _missing(self, own: Kustomization) -> str | None:
        """The first thing that a kustomization, or one that it uses, builds on and that is not here."""
        waiting, seen = [own], {own.folder}
        while waiting:
            one = waiting.pop()
            for ref in (*one.resources, *one.components):
                kind, there = self.resolve(one, ref.path) or ("", "")
                if kind != "folder" and there not in self.texts.contents:
                    return ref.path
                if kind == "folder" and there not in seen:
                    seen.add(there)
                    waiting.append(self.kustomizations[there])
        return None
