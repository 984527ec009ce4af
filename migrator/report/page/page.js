"use strict";
(() => {
  const $ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const form = document.querySelector(".tools");
  if (!form) return;
  const cards = $(".card[data-g]").map((node) => ({
    node,
    details: node.firstElementChild,
    group: node.dataset.g,
    purposes: node.dataset.p.split(" "),
    hazards: node.dataset.h.split(" "),
    path: node.dataset.f,
    words: node.dataset.q,
  }));
  const groups = $(".group");
  const following = $(".follows .card");
  const buttons = $("[data-group]");
  const fields = { q: form.querySelector("#q"), f: form.querySelector("#f"), p: form.querySelector("#p"), h: form.querySelector("#h") };
  const state = new URLSearchParams();

  // The filters stand in the address, so that a filtered page can be bookmarked and passed on.
  const read = () => {
    const held = new URLSearchParams(location.hash.startsWith("#?") ? location.hash.slice(2) : "");
    for (const [key, field] of Object.entries(fields)) field.value = held.get(key) || "";
    press(held.get("g") || "");
  };
  const press = (group) => {
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.group === group));
  };
  const pressed = () => buttons.find((button) => button.getAttribute("aria-pressed") === "true")?.dataset.group || "";

  const filter = () => {
    const words = fields.q.value.toLowerCase().split(/\s+/).filter(Boolean);
    const path = fields.f.value.trim().toLowerCase();
    const purpose = fields.p.value, hazard = fields.h.value, group = pressed();
    let shown = 0;
    for (const card of cards) {
      const fits = (!group || card.group === group) && (!purpose || card.purposes.includes(purpose)) &&
        (!hazard || card.hazards.includes(hazard)) && (!path || card.path.includes(path)) && words.every((word) => card.words.includes(word));
      if (card.node.hidden === fits) card.node.hidden = !fits;
      shown += fits;
    }
    for (const node of following) {
      const fits = [path, ...words].every((word) => node.dataset.f.includes(word));
      node.hidden = Boolean(group || purpose || hazard) || !fits;
    }
    for (const section of groups) {
      const left = $(".card", section).filter((node) => !node.hidden).length;
      section.hidden = left === 0;
      section.querySelector(".number").textContent = left;
    }
    document.querySelector("#none").hidden = shown > 0;
    document.querySelector("#shown").textContent = shown === cards.length ? `${shown} pods` : `${shown} of ${cards.length} pods`;
    for (const [key, value] of Object.entries({ q: fields.q.value, f: fields.f.value, p: purpose, h: hazard, g: group })) {
      if (value) state.set(key, value); else state.delete(key);
    }
    const hash = state.size ? `#?${state}` : location.hash.startsWith("#?") ? "#" : null;
    if (hash !== null && hash !== location.hash) history.replaceState(null, "", hash);
  };

  form.hidden = false;
  form.addEventListener("input", filter);
  form.addEventListener("change", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => { press(""); setTimeout(filter); });
  for (const button of buttons) {
    button.addEventListener("click", () => {
      press(button.getAttribute("aria-pressed") === "true" ? "" : button.dataset.group);
      filter();
    });
  }
  for (const button of $("[data-hazard]")) {
    button.addEventListener("click", () => {
      form.reset();
      fields.h.value = button.dataset.hazard;
      setTimeout(() => { fields.h.value = button.dataset.hazard; press("review"); filter(); form.scrollIntoView(); });
    });
  }
  addEventListener("hashchange", () => { if (location.hash.startsWith("#?")) { read(); filter(); } });

  const summaries = () => cards.filter((card) => !card.node.hidden).map((card) => card.details.firstElementChild);
  const step = (by) => {
    const all = summaries();
    const at = all.indexOf(document.activeElement?.closest(".card")?.querySelector("summary"));
    all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1)]?.focus();
  };
  const all = () => {
    const open = cards.filter((card) => !card.node.hidden);
    const close = open.every((card) => card.details.open);
    for (const card of open) card.details.open = !close;
  };
  const help = document.querySelector("#help"), single = document.querySelector("#keys");
  const keys = { "/": () => fields.q.focus(), j: () => step(1), k: () => step(-1), e: all, "?": () => help.showModal() };
  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && event.target === fields.q) { fields.q.value = ""; filter(); return; }
    if (!single.checked || event.ctrlKey || event.metaKey || event.altKey || help.open) return;
    if (event.target.closest("input, select, textarea") || !Object.hasOwn(keys, event.key)) return;
    event.preventDefault();
    keys[event.key]();
  });

  // On paper nothing can be opened.
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = $(".card:not([hidden]) details:not([open])");
    for (const details of opened) details.open = true;
  });
  addEventListener("afterprint", () => { for (const details of opened) details.open = false; });

  read();
  filter();
})();
