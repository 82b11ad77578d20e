"""What is shown of webhooks: to organizers, where they lead and how it went; never a secret."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from conference.core.faces import Faces, nobody
from conference.followup.webhooks.events import WebhookMade, WebhookRemoved
from conference.followup.webhooks.tables import Delivery, Webhook

FACES: Faces = {WebhookMade: nobody, WebhookRemoved: nobody}
SHOWN_MOST: Final = 20  # messages of each webhook


async def webhooks(session: AsyncSession, day: str) -> list[tuple[Webhook, Sequence[Delivery]]]:
    """The webhooks of a day in the order in which they were made, each with its last messages, the newest first.

    Of those that are told nothing any more only the ones whose receiver said so.
    """
    wanted = select(Webhook).where(Webhook.day == day, (col(Webhook.removed_at).is_(None)) | (Webhook.why == "gone"))
    found = (await session.exec(wanted.order_by(col(Webhook.made_at), col(Webhook.webhook)))).all()
    return [(hook, await _last(session, hook)) for hook in found]


async def _last(session: AsyncSession, hook: Webhook) -> Sequence[Delivery]:
    wanted = select(Delivery).where(Delivery.day == hook.day, Delivery.webhook == hook.webhook)
    return (await session.exec(wanted.order_by(col(Delivery.made_at).desc(), col(Delivery.delivery)).limit(SHOWN_MOST))).all()
