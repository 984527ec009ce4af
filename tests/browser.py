"""A real Chromium without a window, and what is asked of a page in it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service

MISSING = "these tests need Chromium and its driver, as of Debian: apt-get install chromium chromium-driver"

#: For every text that is seen: what is written, the colours, the contrast (WCAG 2.2, relative luminance), the size.
CONTRASTS = """
const probe = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
const cache = {};
const rgba = (colour) => {
  if (!cache[colour]) {
    probe.clearRect(0, 0, 1, 1); probe.fillStyle = colour; probe.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = probe.getImageData(0, 0, 1, 1).data;
    cache[colour] = [r, g, b, a / 255];
  }
  return cache[colour];
};
const ground = (node) => {
  for (let at = node; at; at = at.parentElement) {
    const colour = rgba(getComputedStyle(at).backgroundColor);
    if (colour[3] > 0) return colour;
  }
  return [255, 255, 255, 1];
};
const light = ([r, g, b]) => {
  const [x, y, z] = [r, g, b].map((c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
  return 0.2126 * x + 0.7152 * y + 0.0722 * z;
};
const found = [];
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
for (let text; (text = walker.nextNode());) {
  const node = text.parentElement, style = getComputedStyle(node);
  if (!text.data.trim() || node.closest("script, style, title, .sr")) continue;
  if (!node.checkVisibility({visibilityProperty: true})) continue;
  const colour = rgba(node instanceof SVGElement ? style.fill : style.color), behind = ground(node);
  const [a, b] = [light(colour), light(behind)].sort((x, y) => y - x);
  const size = parseFloat(style.fontSize);
  const large = size >= 24 || (size >= 18.66 && +style.fontWeight >= 700);
  found.push([text.data.trim().slice(0, 40), `${colour} on ${behind}`, (a + 0.05) / (b + 0.05), large]);
}
return found;
"""


@contextmanager
def chromium() -> Iterator[Chrome]:
    """The browser. Where there is none the tests fail: a page that nobody has opened is not known to work."""
    program, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if program is None or driver is None:
        pytest.fail(MISSING)
    options = ChromeOptions()
    options.binary_location = program
    for word in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--window-size=1280,900"):
        options.add_argument(word)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    browser = Chrome(options=options, service=Service(driver))
    try:
        yield browser
    finally:
        browser.quit()


def requests(browser: Chrome) -> list[str]:
    """The addresses that were asked for since the last call."""
    messages = [json.loads(entry["message"])["message"] for entry in logged(browser, "performance")]
    return [m["params"]["request"]["url"] for m in messages if m["method"] == "Network.requestWillBeSent"]


def complaints(browser: Chrome) -> list[str]:
    """What stands in the console since the last call."""
    return [entry["message"] for entry in logged(browser, "browser")]


def logged(browser: Chrome, kind: str) -> list[dict[str, Any]]:
    """A log of the driver."""
    entries: list[dict[str, Any]] = browser.get_log(kind)  # type: ignore[no-untyped-call]
    return entries


def colours(browser: Chrome, scheme: str) -> None:
    """Dark or light, as the system would have it."""
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
