"""Mail: the server that `SAMSYN_MAIL_URL` names, and one letter given to it. All of it blocks; `web.postman` calls it in a thread."""

from __future__ import annotations

import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Final, Self
from urllib.parse import parse_qs, unquote, urlsplit

TIMEOUT_S: Final = 20.0  # for each step with the server
FOR_GOOD: Final = 500  # RFC 5321: what begins with 5 will be no better later
PORTS: Final = {"smtp": 587, "smtps": 465}
_NEAR: Final = ("localhost", "127.0.0.1", "::1")


class NotMailed(Exception):
    """The server did not take a letter; ``for_good`` says whether it never will."""

    def __init__(self, why: str, *, for_good: bool) -> None:
        super().__init__(why)
        self.for_good = for_good


@dataclass(frozen=True)
class MailServer:
    """Where mail is given.

    Attributes:
        sealed: TLS from the first byte (``smtps``); else STARTTLS, without which nothing is sent to another computer.
        sender: what letters come from.
    """

    host: str
    port: int
    sealed: bool
    user: str
    password: str
    sender: str

    @classmethod
    def of(cls, url: str) -> Self:
        """Read ``smtp://user:password@host:587?from=dagen@example.se``, or ``smtps``.

        Raises:
            ValueError: it is no such address.
        """
        parts = urlsplit(url)
        if parts.scheme not in PORTS or not parts.hostname or parts.path not in ("", "/"):
            raise ValueError("must be like smtp://user:password@host:587?from=name@example.se, or smtps://…")
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        sender = parse_qs(parts.query).get("from", [user if "@" in user else f"samsyn@{parts.hostname}"])[0]
        if "@" not in sender or not sender.isascii() or not sender.isprintable():
            raise ValueError("from must be an address")
        return cls(parts.hostname, parts.port or PORTS[parts.scheme], parts.scheme == "smtps", user, password, sender)

    def send(self, message: EmailMessage) -> None:
        """Give it one letter.

        Raises:
            NotMailed: it was not taken.
        """
        try:
            line = self._line()
            try:
                if self.user:
                    line.login(self.user, self.password)
                line.send_message(message)
            finally:
                with suppress(smtplib.SMTPException, OSError):  # a letter that was taken is sent, however the server takes its leave
                    line.quit()
        except smtplib.SMTPRecipientsRefused as refused:
            codes = [code for code, _text in refused.recipients.values()]
            raise NotMailed(f"the address was refused: {codes}", for_good=min(codes) >= FOR_GOOD) from None
        except (smtplib.SMTPException, OSError) as error:
            raise NotMailed(type(error).__name__, for_good=False) from None

    def _line(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self.sealed:
            return smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT_S, context=context)
        line = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT_S)
        try:
            self._seal(line, context)
        except BaseException:
            line.close()
            raise
        return line

    def _seal(self, line: smtplib.SMTP, context: ssl.SSLContext) -> None:
        line.ehlo()
        if line.has_extn("starttls"):
            line.starttls(context=context)
        elif self.host not in _NEAR:
            raise smtplib.SMTPNotSupportedError("no STARTTLS")


def a_letter(server: MailServer, to: str, about: tuple[str, str], *, name: str, at: datetime, leave: str | None = None) -> EmailMessage:
    """A letter as it goes out; answered by nobody and by no machine.

    Args:
        about: its subject and its text.
        name: the same for the same letter sent again, so that mailboxes show it once.
        leave: where one says that nothing more is to be sent; mailboxes show it as a button (RFC 2369).

    Raises:
        NotMailed: for good: *to* cannot stand in a letter.
    """
    message = EmailMessage()
    subject, text = about
    try:
        message["From"], message["To"], message["Subject"] = server.sender, to, " ".join(subject.split())
    except (ValueError, MessageError) as error:
        raise NotMailed(f"no letter can be made: {type(error).__name__}", for_good=True) from None
    message["Date"], message["Message-ID"] = format_datetime(at), f"<{name}@{server.sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    if leave:
        message["List-Unsubscribe"] = f"<{leave}>"
    message.set_content(text)
    return message
