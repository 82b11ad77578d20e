"""Reminders as the product sends them: by the organizer's page, with a link that answers and one that says no."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

from conference.core.actor import Actor
from conference.core.transaction import Transaction
from conference.followup import ActionDraft
from conference.followup.tables import Action, ActionReminder
from tests.web.mailboxes import a_mailbox
from tests.web.products import product, with_a_day
from tests.web.test_survey_letters import SITE, a_postman, paths, rows

OWNER = "enheten@example.se"


async def test_an_owner_is_reminded_by_letter_tells_by_its_link_and_says_no_by_the_other(tmp_path: Path) -> None:
    async with a_mailbox() as box:
        mail: dict[str, Any] = {"mail_url": f"smtp://127.0.0.1:{box.port}?from=dagen@example.se"}
        async with product(tmp_path, **mail) as made:
            await with_a_day(made)
            anna = Actor(made.day, "anna", frozenset({"organizer"}))
            due = made.house.clock.now().date() - timedelta(days=1)
            draft = ActionDraft("En rutin för ombud", "Enheten", due)
            action = str(((await made.house.followup.write_action(anna, draft)).data or {})["action"])
            page = f"/days/{made.day}/followup/actions/{action}"
            async with made.http(await made.enter("organizer"), Accept="text/html") as http:
                off = await http.post(page, data={"do": "remind", "address": OWNER})
                without = (await http.get(page)).text
                made.house.settings = made.house.settings.model_copy(update={"base_url": made.origin})
                wrong = await http.post(page, data={"do": "remind", "address": "enheten"})
                saved = await http.post(page, data={"do": "remind", "address": OWNER, "lang": "sv"})
                sent = [await a_postman(made, box).round() for _ in range(2)]
                after = (await http.get(page)).text
            [letter] = box.letters
            link, leave = paths(letter)
            async with made.http(Accept="text/html") as owner:
                seen = await owner.get(link)
                told = await owner.post(link, data={"stage": "trial", "text": "Vi provar"})
                asked, gone = await owner.get(leave), await owner.post(leave)
            left = await rows(made, ActionReminder)

    assert (off.status_code, wrong.status_code, saved.status_code, sent) == (422, 422, 303, [1, 0])
    assert ["Påminn ägaren" in text for text in (without, after)] == [False, True]
    assert (OWNER in after, f"Senaste brevet skickades {made.house.clock.now().date()}" in after) == (True, True)
    assert (letter["To"], letter["Subject"], letter["List-Unsubscribe"].strip()) == (
        OWNER, "Hur har det gått? En rutin för ombud", f"<{SITE}{leave}>",
    )  # fmt: skip
    assert re.findall(r"> .*", letter.get_content().replace("\r", "")) == ["> En rutin för ombud"]
    assert (seen.status_code, told.status_code, "påminner inte mer om åtgärden" in asked.text, gone.status_code, left) == (
        200,
        303,
        True,
        200,
        [],
    )


async def test_a_date_that_is_moved_leads_to_another_letter_and_not_to_the_same_again(tmp_path: Path) -> None:
    async with a_mailbox() as box, product(tmp_path) as made:
        await with_a_day(made)
        today, anna = made.house.clock.now().date(), Actor(made.day, "anna", frozenset({"organizer"}))
        draft = ActionDraft("En rutin för ombud", "Enheten", today - timedelta(days=1))
        action = str(((await made.house.followup.write_action(anna, draft)).data or {})["action"])
        await made.house.reminders.remind(anna, action, OWNER)
        await a_postman(made, box).round()

        async def moved(tx: Transaction) -> None:
            row, reminder = await tx.get(Action, made.day, action), await tx.get(ActionReminder, made.day, action)
            tx.put(row.model_copy(update={"due": today}))
            tx.put(reminder.model_copy(update={"sent_on": today - timedelta(days=1)}))

        await made.house.store.run(moved)
        await a_postman(made, box).round()

    assert len({letter["Message-ID"] for letter in box.letters}) == len(box.letters) == 2
