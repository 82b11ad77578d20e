"""Sends a message to an address that somebody has typed in, and to no other place than one may send to.

What the name of the address stands for is looked up and checked each time, every address of it, and the connection goes to an address that
was checked: a name that stands for something else a moment later leads nowhere. Redirects are not followed, proxies of the environment
are not used, and of an answer its status alone is read.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import SplitResult, urlsplit

import httpx2

from conference.followup.webhooks.rules import Network, reachable, within

TIMEOUT_S: Final = 20.0  # for all of it; the specification asks for 15 to 30
PORTS: Final = {"https": 443, "http": 80}
TRIED_MOST: Final = 3  # addresses of one name


class NotSent(Exception):
    """There was no answer; ``why`` is one of `conference.followup.webhooks.rules.FAULTS`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Outbound:
    """The way out.

    Args:
        inside: networks that are not of the open internet, and where one may send all the same; there by http, too.
    """

    def __init__(self, inside: Sequence[Network]) -> None:
        self._inside = inside
        self._trusted = ssl.create_default_context()

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        """Send it; the status of the answer.

        Raises:
            NotSent: there was none.
        """
        parts = urlsplit(url)
        try:
            async with asyncio.timeout(TIMEOUT_S):
                for address in await self._addresses(parts):
                    try:
                        return await self._post(parts, address, body, headers)
                    except httpx2.ConnectError:
                        continue
        except TimeoutError:
            raise NotSent("timeout") from None
        except (httpx2.HTTPError, OSError, UnicodeError):
            raise NotSent("no_answer") from None
        raise NotSent("no_answer")

    async def _addresses(self, parts: SplitResult) -> list[str]:
        """The addresses that the name stands for now.

        Raises:
            NotSent: one of them is where nothing may be sent.
            OSError: there are none.
        """
        port = parts.port or PORTS[parts.scheme]
        found = await asyncio.get_running_loop().getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
        addresses = list(dict.fromkeys(str(one[4][0]) for one in found))
        if not all(reachable(one, self._inside) for one in addresses):
            raise NotSent("not_allowed")
        if parts.scheme != "https" and not all(within(one, self._inside) for one in addresses):
            raise NotSent("not_allowed")
        return addresses[:TRIED_MOST]

    async def _post(self, parts: SplitResult, address: str, body: bytes, headers: Mapping[str, str]) -> int:
        port = parts.port or PORTS[parts.scheme]
        told = {"Content-Type": "application/json", "User-Agent": "Samsyn", **headers, "Host": parts.netloc}
        there = f"{parts.scheme}://{f'[{address}]' if ':' in address else address}:{port}{parts.path or '/'}"
        where = there + (f"?{parts.query}" if parts.query else "")
        transport = httpx2.AsyncHTTPTransport(verify=self._trusted, trust_env=False)
        async with httpx2.AsyncClient(transport=transport, trust_env=False, follow_redirects=False, timeout=TIMEOUT_S) as http:
            # the certificate must be for the name, whatever address it stands for
            request = http.build_request("POST", where, content=body, headers=told, extensions={"sni_hostname": parts.hostname})
            answer = await http.send(request, stream=True)
            await answer.aclose()
            return answer.status_code
