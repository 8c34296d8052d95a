"""The review page as a clerk meets it, in a real browser: walk, correct, undo, approve; other editors; lost servers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.quality.browser import READY, chromium, reviewing, visit
from tests.quality.conftest import Desk

Json = dict[str, Any]
DEADLINE = "tasks.1.deadlines.0"


def saved(folder: Path, name: str = "ke-hoach") -> Json:
    """The working copy."""
    found: Json = json.loads((folder / "review" / f"{name}.json").read_text(encoding="utf-8"))
    return found


def open_card(page: Page, part: str, number: int) -> None:
    page.locator(f"#tab-{part}").click()
    page.locator(".card .summary").nth(number).click()


def wait_saved(page: Page) -> None:
    expect(page.locator("#saved")).to_have_text("Đã lưu")


def test_from_the_link_to_an_approved_golden_file_by_keyboard(browser: Browser, folder: Path) -> None:
    with reviewing(folder) as server:
        page = visit(browser, server)
        page.get_by_role("link", name="ke-hoach").focus()
        page.keyboard.press("Enter")
        page.wait_for_selector(READY)
        expect(page.locator("#tab-doubts")).to_contain_text("2")

        page.keyboard.press("n")
        expect(page.locator(".card.open")).to_contain_text("Thời hạn đọc chưa chắc")
        expect(page.locator("#page-1 rect.lit")).to_have_attribute("data-key", "t2.deadlines.1")
        expect(page.locator("#page-1 img")).to_be_visible()
        page.keyboard.press("Enter")
        due = page.locator(f'[data-path="{DEADLINE}.due"]')
        due.focus()
        due.fill("31/9/2026")
        page.keyboard.press("Enter")
        expect(page.locator(".card.open .fault", has_text="30/9/2026")).to_be_visible()
        due.fill("30/9/2026")
        page.keyboard.press("Enter")
        wait_saved(page)
        expect(page.locator("#tab-doubts .number")).to_have_text("1")

        page.keyboard.press("Shift+A")  # with a doubt left: asks, and a hasty Enter does not approve
        expect(page.locator("#question")).to_be_visible()
        page.keyboard.press("Enter")
        expect(page.locator("#question")).not_to_be_visible()
        expect(page.locator("#status")).not_to_have_text("Đã duyệt")

        page.keyboard.press("n")
        expect(page.locator(".card.open")).to_contain_text("12/KH-SYT")
        page.keyboard.press("c")
        expect(page.locator(".note.done")).to_be_visible()
        page.keyboard.press("Shift+A")
        expect(page.locator("#notice")).to_contain_text("golden")
        expect(page.locator("#status")).to_have_text("Đã duyệt")
        assert page.complaints == []  # type: ignore[attr-defined]

    golden = json.loads((folder / "golden" / "ke-hoach.json").read_text(encoding="utf-8"))
    original = json.loads((folder / "ke-hoach.json").read_text(encoding="utf-8"))
    assert golden["tasks"][1]["deadlines"][0]["due"] == "2026-09-30"
    assert [d["due"] for d in golden["deadlines"]] == ["2026-09-01", "2026-09-30", "2026-09-03"]
    assert golden["warnings"] == []
    assert original["tasks"][1]["deadlines"][0]["due"] == "2026-09-02"
    golden["tasks"][1]["deadlines"][0]["due"] = "2026-09-02"
    assert [t["text"] for t in golden["tasks"]] == [t["text"] for t in original["tasks"]]
    (line,) = (folder / "review" / "corrections.jsonl").read_text(encoding="utf-8").splitlines()
    correction = json.loads(line)
    assert (correction["before"]["due"], correction["after"]["due"]) == ("2026-09-02", "2026-09-30")
    assert correction["who"] == "Người kiểm tra"
    assert correction["place"]["page"] == 1
    (accepted,) = (folder / "golden" / "accepted.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(accepted)["accepted_by"] == "Người kiểm tra"


def test_a_click_on_the_page_finds_the_field_and_a_field_its_place(browser: Browser, desk: Desk) -> None:
    server, _ = desk
    page = visit(browser, server, "ke-hoach")
    page.locator('rect[data-key="o1"]').first.click()
    expect(page.locator("#tab-objectives")).to_have_attribute("aria-selected", "true")
    expect(page.locator('.card.open [data-path="objectives.0.text"]')).to_be_visible()
    page.keyboard.press("Escape")
    page.locator("#tab-tasks").click()
    page.locator(".card .summary").nth(2).click()
    expect(page.locator("#page-2 rect.lit").first).to_be_in_viewport()
    assert page.complaints == []  # type: ignore[attr-defined]


def test_items_are_added_merged_split_deleted_and_all_is_undone(browser: Browser, desk: Desk) -> None:
    server, folder = desk
    page = visit(browser, server, "ke-hoach")
    page.keyboard.press("5")
    cards = page.locator(".card")
    expect(cards).to_have_count(3)
    page.keyboard.press("j")
    page.keyboard.press("m")
    expect(cards).to_have_count(2)
    wait_saved(page)
    merged = saved(folder)["tasks"][0]
    assert "thứ 1" in merged["text"]
    assert "thứ 2" in merged["text"]
    assert [d["due"] for d in merged["deadlines"]] == ["2026-09-01", "2026-09-02"]
    assert merged["source"]["bbox"] == [60.0, 60.0, 530.0, 122.0]

    text = page.locator('[data-path="tasks.0.text"]')
    text.evaluate("e => { e.focus(); const at = e.value.indexOf(' Tổ chức', 5); e.setSelectionRange(at, at) }")
    page.get_by_role("button", name="Tách tại con trỏ").click()
    expect(cards).to_have_count(3)
    page.locator(".card .summary").nth(2).focus()
    page.locator(".card.open .summary").focus()
    page.keyboard.press("a")
    expect(cards).to_have_count(4)
    page.keyboard.press("Delete")
    expect(cards).to_have_count(3)
    wait_saved(page)
    assert len(saved(folder)["tasks"]) == 3

    for _ in range(4):
        page.locator("#undo").click()
    expect(page.locator("#undo")).to_be_disabled()
    assert saved(folder)["tasks"] == json.loads((folder / "ke-hoach.json").read_text(encoding="utf-8"))["tasks"]
    page.locator("#redo").click()
    expect(cards).to_have_count(2)
    assert page.complaints == []  # type: ignore[attr-defined]


def test_units_come_from_the_register_and_are_renamed_everywhere(browser: Browser, desk: Desk) -> None:
    server, folder = desk
    page = visit(browser, server, "ke-hoach")
    options = page.locator("#unit-names option").evaluate_all("all => all.map(each => each.value)")
    assert set(options) == {"Văn phòng Sở", "Phòng Tổ chức - Hành chính", "Trung tâm Y tế"}
    open_card(page, "tasks", 1)
    page.locator(".group.coordinating_units input[placeholder]").last.fill("Trung tâm Y tế")
    page.keyboard.press("Tab")
    wait_saved(page)
    assert [u["name"] for u in saved(folder)["tasks"][1]["coordinating_units"]] == ["Trung tâm Y tế"]
    page.locator("#tab-units").click()
    page.get_by_label("Tên: Văn phòng Sở").fill("Văn phòng")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Tên: Văn phòng", exact=True)).to_be_visible()
    document = saved(folder)
    assert document["tasks"][1]["lead_units"][0]["name"] == "Văn phòng"
    assert document["responsibilities"][0]["unit"]["name"] == "Văn phòng"
    assert "Văn phòng Sở" in next(u for u in document["units"] if u["name"] == "Văn phòng")["aliases"]


def test_what_breaks_the_contract_is_told_while_typing_and_never_saved(browser: Browser, desk: Desk) -> None:
    server, folder = desk
    page = visit(browser, server, "ke-hoach")
    open_card(page, "objectives", 0)
    horizon = page.locator('[data-path="objectives.0.horizon"]')
    horizon.press_sequentially("9")
    expect(page.locator(".card.open .fault", has_text="2200")).to_be_visible()
    horizon.press("Enter")
    expect(horizon).to_have_attribute("aria-invalid", "true")
    assert not (folder / "review" / "ke-hoach.json").exists()
    horizon.press("Escape")
    expect(page.locator(".card.open .fault:not(:empty)")).to_have_count(0)


def test_a_new_deadline_is_saved_when_its_kind_is_complete(browser: Browser, desk: Desk) -> None:
    server, folder = desk
    page = visit(browser, server, "ke-hoach")
    open_card(page, "tasks", 0)
    page.locator(".card.open .group.deadlines > .add").click()
    new = page.locator(".card.open .deadline-form").last
    new.get_by_label("Nội dung").fill("hằng quý")
    new.get_by_label("Dạng").select_option("recurring")
    expect(new.locator(".fault", has_text="cần điền").first).to_be_visible()
    new.get_by_label("Quy tắc lặp").fill("FREQ=MONTHLY;INTERVAL=3")
    page.keyboard.press("Enter")
    wait_saved(page)
    found = saved(folder)["tasks"][0]["deadlines"][1]
    assert (found["text"], found["kind"], found["due"]) == ("hằng quý", "recurring", None)
    assert found["rrule"] == "FREQ=MONTHLY;INTERVAL=3"


def test_cells_of_tables_are_edited(browser: Browser, desk: Desk) -> None:
    server, folder = desk
    page = visit(browser, server, "ke-hoach")
    open_card(page, "tables", 0)
    page.locator('[data-path="tables.0.rows.0.1"]').click()
    page.keyboard.press("Control+A")
    page.keyboard.type("Họp giao ban")
    page.keyboard.press("Enter")
    wait_saved(page)
    page.get_by_role("button", name="Gộp với hàng dưới 1").click()
    expect(page.locator(".grid tbody tr")).to_have_count(1)
    assert saved(folder)["tables"][0]["rows"] == [["1 2", "Họp giao ban Báo cáo"]]


def test_a_second_editor_is_noticed_and_both_changes_are_kept(browser: Browser, desk: Desk) -> None:
    server, folder = desk
    one, other = visit(browser, server, "ke-hoach"), visit(browser, server, "ke-hoach")
    for page, number, text in ((one, 0, "Việc thứ nhất"), (other, 2, "Việc thứ ba")):
        open_card(page, "tasks", number)
        page.locator(f'[data-path="tasks.{number}.text"]').fill(text)
        page.keyboard.press("Enter")
    wait_saved(one)
    expect(other.locator("#notice")).to_contain_text("Có người khác đã sửa")
    other.get_by_role("button", name="đặt sửa đổi của tôi lên trên").click()
    expect(other.locator("#notice")).to_be_hidden()
    texts = [task["text"] for task in saved(folder)["tasks"]]
    assert (texts[0], texts[2]) == ("Việc thứ nhất", "Việc thứ ba")


def test_changes_to_the_same_value_are_not_lost_silently(browser: Browser, desk: Desk) -> None:
    server, folder = desk
    one, other = visit(browser, server, "ke-hoach"), visit(browser, server, "ke-hoach")
    for page, text in ((one, "Của người thứ nhất"), (other, "Của người thứ hai")):
        open_card(page, "tasks", 0)
        page.locator('[data-path="tasks.0.text"]').fill(text)
        page.keyboard.press("Enter")
    expect(other.locator("#notice")).to_be_visible()
    other.get_by_role("button", name="đặt sửa đổi của tôi lên trên").click()
    expect(other.locator("#notice")).to_contain_text("Của người thứ hai")
    assert saved(folder)["tasks"][0]["text"] == "Của người thứ nhất"


def test_work_survives_a_server_that_is_gone(browser: Browser, folder: Path) -> None:
    chromium()
    with reviewing(folder) as server:
        page = visit(browser, server, "ke-hoach")
        port = server.base.rpartition(":")[2]
        open_card(page, "tasks", 0)
    page.locator('[data-path="tasks.0.text"]').fill("Viết khi máy chủ đã tắt")
    page.keyboard.press("Enter")
    expect(page.locator("#saved")).to_have_text("Chưa lưu được, sẽ thử lại")
    with reviewing(folder, "--port", port) as server:
        page.goto(server.link)
        page.goto(server.document("ke-hoach"))
        page.wait_for_selector(READY)
        page.get_by_role("button", name="đặt sửa đổi của tôi lên trên").click()
        expect(page.locator("#notice")).to_be_hidden()
        assert saved(folder)["tasks"][0]["text"] == "Viết khi máy chủ đã tắt"


def test_the_list_is_searched_without_marks_and_filtered(browser: Browser, folder: Path) -> None:
    with reviewing(folder) as server:
        page = visit(browser, server)
        page.keyboard.press("/")
        page.keyboard.type("chuyen doi so")
        expect(page.locator("tbody tr")).to_have_count(1)
        expect(page.locator("tbody")).to_contain_text("Chuyển đổi số")
        page.locator("input[type=search]").fill("bệnh dại")
        expect(page.locator("tbody")).to_contain_text("khac")
        page.locator("input[type=search]").fill("")
        page.locator("select").select_option("approved")
        expect(page.locator("#found")).to_contain_text("Không có văn bản nào")
        page.get_by_role("link", name="English").click()
        expect(page.locator("h1")).to_have_text("Documents")
        page.goto(server.document("ke-hoach"))
        expect(page.locator("#approve")).to_have_text("Approve")


def test_the_picture_of_the_plan(browser: Browser, desk: Desk) -> None:
    server, _ = desk
    page = visit(browser, server, "ke-hoach")
    page.get_by_role("link", name="Sơ đồ").click()
    expect(page.locator("svg .deadline")).to_have_count(3)
    expect(page.locator("svg .lead")).to_have_count(3 + 1)  # the last is the legend's
    assert page.complaints == []  # type: ignore[attr-defined]


@pytest.fixture(scope="module", autouse=True)
def _chromium() -> None:
    chromium()
