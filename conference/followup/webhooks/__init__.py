"""Webhooks: other systems are told that the day has ended, a survey is closed, a report is ready, an action is due.

Verbs: Webhooks.make, remove, ping, again.   Facts: WebhookMade, WebhookRemoved.
Own-named rooms: outbox, what waits to be sent, written once from the log of the day; signing, by the Standard Webhooks specification.
Stands on: the log of the day, actions, core.   Known by: web, which sends.
"""

from conference.followup.webhooks.outbox import Outbox, Post, Telling
from conference.followup.webhooks.service import Webhooks
from conference.followup.webhooks.signing import Secrets

__all__ = ["Outbox", "Post", "Secrets", "Telling", "Webhooks"]
