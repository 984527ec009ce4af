"""The HTML page in a real Chromium: it asks for nothing, complains of nothing, can be searched, read and driven by keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from selenium.webdriver import ActionChains, Chrome, Keys
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement

from migrator.report.html import merged, render
from tests.browser import CONTRASTS, chromium, colours, complaints, logged, requests
from tests.pages import EVIL, HOSTILE, JOB, SHOP, report_of

Open = Callable[[str], Chrome]


@pytest.fixture(scope="module")
def browser() -> Iterator[Chrome]:
    """One browser for all tests."""
    with chromium() as held:
        yield held


@pytest.fixture
def page(browser: Chrome, tmp_path: Path) -> Iterator[Open]:
    """Open a page from disk; whatever a test does, the console stays empty and nothing but the file is asked for."""
    opened: list[str] = []
    logged(browser, "performance")
    logged(browser, "browser")

    def show(text: str) -> Chrome:
        path = tmp_path / f"report{len(opened)}.html"
        path.write_text(text)
        opened.append(path.as_uri())
        browser.get(path.as_uri())
        return browser

    colours(browser, "light")
    yield show
    assert complaints(browser) == []
    asked = {url.partition("#")[0] for url in requests(browser)}
    assert opened
    assert asked - {"data:,"} == set(opened)


def found(browser: Chrome, selector: str) -> list[WebElement]:
    return browser.find_elements(By.CSS_SELECTOR, selector)


def one(browser: Chrome, selector: str) -> WebElement:
    return browser.find_element(By.CSS_SELECTOR, selector)


def shown(browser: Chrome) -> list[str]:
    """The names of the pods that are seen."""
    return [e.text.split(" ", 1)[1] for e in found(browser, ".card h3") if e.is_displayed()]


def type_in(browser: Chrome, selector: str, text: str) -> None:
    field = one(browser, selector)
    field.clear()
    field.send_keys(text)


def press(browser: Chrome, *keys: str) -> None:
    for key in keys:
        ActionChains(browser).send_keys(key).perform()


def focused(browser: Chrome) -> str:
    text: str = browser.switch_to.active_element.text
    return text.split("\n")[0]


#: The roles that need a name.
USED = {"button", "link", "searchbox", "combobox", "checkbox", "DisclosureTriangle", "region", "table", "dialog", "search"}
ALL = ["clock", "migrate-orders", "web", "pair"]


def test_filters_show_what_they_say(page: Open) -> None:
    browser = page(render(report_of(JOB, SHOP)))
    assert shown(browser) == ALL
    assert one(browser, "#shown").text == "4 pods"
    for selector, text, left in (
        ("#q", "proxy ORDERS", ["migrate-orders"]),
        ("#q", "oauth2", ["web"]),
        ("#q", "nothing like it", []),
        ("#f", "pod.y", ALL),
        ("#f", "other", []),
        ("#p", "auth-proxy", ["web"]),
        ("#h", "fast-exit-before-main", ["clock"]),
    ):
        if selector in ("#p", "#h"):
            one(browser, f"{selector} option[value='{text}']").click()
        else:
            type_in(browser, selector, text)
        assert shown(browser) == left
        assert one(browser, "#none").is_displayed() == (not left)
        assert one(browser, "#shown").text == ("4 pods" if left == ALL else f"{len(left)} of 4 pods")
        one(browser, "[type=reset]").click()
        assert shown(browser) == ALL


def test_the_counts_and_the_reasons_filter_as_well(page: Open) -> None:
    browser = page(render(report_of(JOB, SHOP)))
    keep = one(browser, "[data-group=keep]")
    keep.click()
    assert (shown(browser), keep.get_attribute("aria-pressed")) == (["pair"], "true")
    keep.click()
    assert (shown(browser), keep.get_attribute("aria-pressed")) == (ALL, "false")
    one(browser, "[data-hazard=fast-exit-before-main]").click()
    assert shown(browser) == ["clock"]
    assert one(browser, "#h").get_attribute("value") == "fast-exit-before-main"


def test_a_filtered_page_can_be_passed_on(page: Open) -> None:
    browser = page(render(report_of(JOB, SHOP)))
    type_in(browser, "#q", "proxy")
    one(browser, "[data-group=migrate]").click()
    address = browser.current_url
    browser.get("data:,")
    browser.get(address)
    assert shown(browser) == ["migrate-orders", "web"]
    assert one(browser, "#q").get_attribute("value") == "proxy"


def test_keys_do_what_the_help_says(page: Open) -> None:
    browser = page(render(report_of(JOB, SHOP)))
    press(browser, "j", "j")
    assert "migrate-orders" in focused(browser)
    press(browser, Keys.ENTER)
    job = browser.switch_to.active_element
    figure = job.find_element(By.XPATH, "..//figcaption")
    assert figure.is_displayed()
    press(browser, "k")
    assert "clock" in focused(browser)
    press(browser, "e")
    assert all(e.is_displayed() for e in found(browser, ".card .body"))
    press(browser, "e")
    assert not any(e.is_displayed() for e in found(browser, ".card .body"))
    press(browser, "/", "w", "e", "b")
    assert shown(browser) == ["web"]
    press(browser, Keys.ESCAPE)
    assert shown(browser) == ALL
    one(browser, ".card summary").click()
    press(browser, "?")
    assert one(browser, "#help").is_displayed()
    one(browser, "#keys").click()
    press(browser, Keys.ESCAPE)
    assert not one(browser, "#help").is_displayed()
    before = focused(browser)
    press(browser, "j")
    assert focused(browser) == before


def test_evidence_leads_to_its_line(page: Open) -> None:
    browser = page(render(report_of(JOB)))
    link = one(browser, "a.line[href$='-15']")
    link.click()
    target = one(browser, ":target")
    assert target.text == "15"
    assert target.is_displayed()
    top = target.rect["y"] - browser.execute_script("return scrollY")
    assert 0 < top < 900


def test_hostile_names_do_nothing(page: Open) -> None:
    browser = page(render(report_of(HOSTILE)))
    prepared(browser)
    assert browser.execute_script("return window.pwned") is None
    assert EVIL in shown(browser)


def prepared(browser: Chrome) -> None:
    """Everything open, so that everything is looked at."""
    script = "document.querySelectorAll('details').forEach((d) => d.open = true); document.querySelector('#help').show()"
    browser.execute_script(script)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_stands_out_from_its_ground(page: Open, scheme: str) -> None:
    browser = page(render(report_of(JOB, SHOP)))
    colours(browser, scheme)
    prepared(browser)
    texts = browser.execute_script(CONTRASTS)
    assert len(texts) > 300
    assert [said for said in texts if said[2] < (3 if said[3] else 4.5)] == []
    ground = one(browser, "body").value_of_css_property("background-color")
    assert (ground == "rgba(247, 247, 245, 1)") == (scheme == "light")


def test_everything_that_can_be_used_has_a_name_of_its_own(page: Open) -> None:
    browser = page(render(report_of(JOB, SHOP)))
    prepared(browser)
    nodes = browser.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    used = [node for node in nodes if not node["ignored"] and node["role"]["value"] in USED]
    assert {node["role"]["value"] for node in used} == USED
    assert [node for node in used if not node["name"]["value"].strip()] == []
    ids = [e.get_attribute("id") for e in found(browser, "[id]")]
    assert len(ids) == len(set(ids))
    levels = [int(e.tag_name[1]) for e in found(browser, "body h1, body h2, body h3, body h4") if e.is_displayed()]
    assert levels[0] == 1
    assert all(b <= a + 1 for a, b in pairwise(levels))
    assert all(svg.get_attribute("aria-hidden") == "true" for svg in found(browser, "svg"))


def test_on_paper_all_pods_are_open_and_no_tools_are_in_the_way(page: Open) -> None:
    browser = page(render(report_of(JOB, SHOP)))
    type_in(browser, "#q", "orders")
    script = "dispatchEvent(new Event('beforeprint')); return document.querySelectorAll('.card:not([hidden]) > [open]').length"
    assert browser.execute_script(script) == 1
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    assert not one(browser, ".tools").is_displayed()
    assert one(browser, ".card:not([hidden]) figcaption").is_displayed()
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    script = "dispatchEvent(new Event('afterprint')); return document.querySelectorAll('.card:not([hidden]) > [open]').length"
    assert browser.execute_script(script) == 0


def test_without_a_script_all_is_there_but_the_tools(browser: Chrome, page: Open) -> None:
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        page(render(report_of(JOB, SHOP)))
        assert not one(browser, ".tools").is_displayed()
        for summary in found(browser, ".card > details:not([open]) > summary"):
            summary.click()
        assert all(e.is_displayed() for e in found(browser, ".card figcaption, .card .member h4"))
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_nothing_is_wider_than_a_telephone(page: Open) -> None:
    browser = page(render(report_of(JOB, SHOP, path="a-rather-long-folder-name/" * 8 + "pod.yaml")))
    size = {"width": 360, "height": 800, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    try:
        prepared(browser)
        wide = browser.execute_script("return document.documentElement.scrollWidth")
        assert wide <= 360
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_a_thousand_pods_are_filtered(page: Open) -> None:
    containers = [{"name": "web", "verdict": "keep"}, {"name": "log", "verdict": "migrate", "role": "sidecar", "position": 0}]
    pods = [{"kind": "Job" if n % 10 else "Pod", "name": f"pod-{n}", "containers": containers} for n in range(1000)]
    browser = page(merged([("shop", {"files": [{"path": "a.yaml", "status": "rewritten", "pods": pods}]})]))
    one(browser, "#q").send_keys("pod-99")
    assert one(browser, "#shown").text == "11 of 1000 pods"
    assert len(found(browser, ".card:not([hidden])")) == 11
