"""The kit's texts and check-lists on pages: filled in with what the day says, and harmless whatever a day is called."""

from __future__ import annotations

from pathlib import Path

import pytest

from conference.library import NATIONAL_KIT, read_kit
from conference.library.shapes import Text
from tests.running import demo
from tests.staff import Person
from web import kit_texts


def test_everything_in_the_kit_can_be_read_and_taken_away(tmp_path: Path) -> None:
    kit = read_kit(NATIONAL_KIT)
    with demo(tmp_path / "data") as day, Person(day) as anybody:
        page = anybody.http.get(f"{day.day}/library", headers={"Accept-Language": "sv"}).text
        texts = sorted({name for name, _lang in kit.texts})
        checklists = [one["id"] for one in kit.checklists["checklists"]]
        for name in (*texts, *checklists):
            at = f"{day.day}/material/{name}"
            assert f'href="{at.removeprefix(day.url)}"' in page
            assert anybody.http.get(at).status_code == 200
        for name in texts:
            file = anybody.http.get(f"{day.day}/material/{name}.md", headers={"Accept-Language": "sv"})
            assert (file.status_code, file.headers["Content-Type"]) == (200, "text/markdown; charset=utf-8")
            assert kit.texts[name, "sv"].body.strip() in file.text
        first = anybody.http.get(f"{day.day}/material/{checklists[0]}").text
        assert all(item["text"] in first for item in kit.checklists["checklists"][0]["items"])
        english = anybody.http.get(f"{day.day}/material/invitation", headers={"Accept-Language": "en"}).text
        assert "Hello" in english or "Dear" in english or kit.texts["invitation", "en"].body.split("\n")[0] in english
        code = f"{day.told['join_code'][:3]} {day.told['join_code'][3:]}"
        reminders = [anybody.http.get(f"{day.day}/material/reminder").text, anybody.joined().http.get(f"{day.day}/material/reminder").text]
        assert [code in text for text in reminders] == [False, True]  # by the code one comes in: strangers are not told
        offered = anybody.http.get(f"{day.day}/organizers", headers={"Accept-Language": "sv"}).text
        assert [f"/material/{name}" in offered for name in (*texts, *checklists)] == [True] * (len(texts) + len(checklists))
        assert (f"version {kit.head.version}" in offered, kit.head.licence in offered, "kit.zip" in offered) == (True, True, False)
        for wrong in ("nothing", "nothing.md", f"{checklists[0]}.md", "..%2fday", "invitation.sv"):
            assert anybody.http.get(f"{day.day}/material/{wrong}").status_code == 404
        assert day.complaints() == []


def test_the_day_fills_in_what_it_knows_and_the_rest_is_marked() -> None:
    text = Text(id="t", language="sv", kind="mail", title="T", body="# T\n\n**{day_title}** och {organizer}\n")

    shown = kit_texts.html(text, {"day_title": "<b>[x](javascript:1)</b>"})

    assert shown.strip() == ("<p><strong>&lt;b&gt;[x](javascript:1)&lt;/b&gt;</strong> och <mark>{organizer}</mark></p>")


@pytest.mark.parametrize(
    "body",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "<img src=x onerror=alert(1)>",
        "![x](https://evil.example/x.png)",
        "{{7*7}}",
    ],
)
def test_nothing_in_a_text_runs_or_fetches(body: str) -> None:
    shown = kit_texts.html(Text(id="t", language="sv", kind="mail", title="T", body=body), {})

    assert not any(word in shown for word in ("<script", "<img", 'href="javascript', "49"))
