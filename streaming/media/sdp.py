"""The gate before aiortc: which offers and candidates may pass. Pure; whoever is refused is told why, in words for a log.

aiortc answers an empty offer, raises six kinds of errors on bad ones, and sends packets to any candidate it is given.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field

LIMIT_BYTES = 32_768
FRAGMENT_LIMIT_BYTES = 8_192
LINE_MOST = 1_024
SECTIONS_MOST = 2
CANDIDATES_MOST = 64
CODECS_MOST = 64  # browsers offer about twenty
NEEDED = {"video": "h264", "audio": "opus"}

_FINGERPRINT = re.compile(r"sha-256 (?:[0-9A-F]{2}:){31}[0-9A-F]{2}", re.IGNORECASE)
_MEDIA = re.compile(r"(\w{1,16}) (\d{1,5})(?:/\d+)? ([A-Z0-9/]{1,32})((?: \d{1,3})+)")
_RTPMAP = re.compile(r"(\d{1,3}) ([A-Za-z0-9._-]{1,32})/(\d{3,6})(?:/(\d))?")
_FMTP = re.compile(r"(\d{1,3}) [\x21-\x7e][\x20-\x7e]*")
_MID = re.compile(r"[A-Za-z0-9_.~-]{1,32}")
_ICE = {"ice-ufrag": re.compile(r"[A-Za-z0-9+/]{4,256}"), "ice-pwd": re.compile(r"[A-Za-z0-9+/]{22,256}")}
_CANDIDATE = re.compile(
    r"(?P<foundation>[A-Za-z0-9+/]{1,32}) (?P<component>[1-9]\d{0,2}) (?P<transport>[A-Za-z]{3,8}) (?P<priority>\d{1,10})"
    r" (?P<address>[^ ]{1,255}) (?P<port>\d{1,5}) typ (?P<type>host|srflx|prflx|relay)(?: [\x21-\x7e]+ [\x21-\x7e]+)*"
)
_FORMS = {
    name: re.compile(form)
    for name, form in {
        "extmap": r"\d{1,5}(/\w+)? [\x21-\x7e]+( [\x20-\x7e]*)?",
        "ssrc": r"\d{1,10}( [\x20-\x7e]+)?",
        "ssrc-group": r"[A-Z0-9-]{1,16}( \d{1,10})+",
        "c": r"IN IP[46] [0-9A-Fa-f.:]{2,45}",
        "rtcp": r"\d{1,5}( IN IP[46] [0-9A-Fa-f.:]{2,45})?",
        "rtcp-fb": r"(\d{1,3}|\*) [\x21-\x7e]+( [\x20-\x7e]+)?",
        "msid": r"[\x21-\x7e]{1,128}( [\x21-\x7e]{1,128})?",
    }.items()
}
_SETUPS = {"actpass", "active", "passive"}
_NUMBERS_IN_FMTP = {"apt", "max-fr", "max-fs", "maxplaybackrate", "minptime", "stereo", "useinbandfec", "packetization-mode"}
_NUMBERS_IN_FMTP |= {"level-asymmetry-allowed", "cbr", "usedtx", "ptime", "maxptime", "profile-id"}


class BadSdp(Exception):
    """An offer or a candidate that is not let in; the text says what is wrong with it."""


@dataclass
class _Section:
    kind: str
    payloads: set[str]
    lines: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Gate:
    """What is let in.

    Attributes:
        allow_loopback: candidates on this machine too; for tests.
    """

    allow_loopback: bool = False

    def offer(self, body: bytes, *, need_h264: bool = True) -> str:
        """An offer that aiortc may see: checked, and without the candidates that nothing may be sent to.

        The end of candidates is left out: others may come, by ``PATCH`` or by a check from their side.

        Raises:
            BadSdp: it is not let in.
        """
        text = _text(body, LIMIT_BYTES)
        lines = text.splitlines()
        session, sections = _split(lines)
        for section in sections:
            _check_section(section, session, need_h264=need_h264)
        _check_mids(session, sections)
        kept = [line for line in lines if not line.startswith(("a=candidate:", "a=end-of-candidates", "a=remote-candidates"))]
        return "\r\n".join(_with_candidates(kept, lines, self)) + "\r\n"

    def candidate(self, line: str) -> bool:
        """Whether packets may be sent to this candidate (without ``a=candidate:``).

        Raises:
            BadSdp: it is none.
        """
        found = _CANDIDATE.fullmatch(line)
        if not found or int(found["port"]) > 65_535 or int(found["priority"]) >= 1 << 32:
            raise BadSdp("a candidate that is none")
        return found["transport"].lower() == "udp" and found["component"] == "1" and self._is_allowed(found["address"])

    def _is_allowed(self, address: str) -> bool:
        try:
            ip = ipaddress.ip_address(address)
        except ValueError:  # a name: nothing is looked up for a stranger
            return False
        mapped = getattr(ip, "ipv4_mapped", None)
        ip = mapped or ip
        if ip.is_loopback:
            return self.allow_loopback
        return not (ip.is_link_local or ip.is_multicast or ip.is_unspecified or ip.is_reserved or _is_broadcast(ip))

    def fragment(self, body: bytes) -> Fragment:
        """What a ``PATCH`` brings.

        Raises:
            BadSdp: it is not let in.
        """
        text = _text(body, FRAGMENT_LIMIT_BYTES)
        found = Fragment()
        mid, kept = None, 0
        for line in text.splitlines():
            name, _, value = line.removeprefix("a=").partition(":")
            if name == "mid":
                mid = _matching(_MID, value, "mid")
            elif name in _ICE:
                setattr(found, name.replace("ice-", ""), _matching(_ICE[name], value, name))
            elif name == "end-of-candidates":
                found.is_last = True
            elif name == "candidate":
                kept += 1
                if kept > CANDIDATES_MOST:
                    raise BadSdp("too many candidates")
                if self.candidate(value):
                    found.candidates.append((mid, value))
        return found


@dataclass
class Fragment:
    """Candidates that come after the offer; ``ufrag`` and ``pwd`` tell of which session of ICE."""

    candidates: list[tuple[str | None, str]] = field(default_factory=list)
    ufrag: str | None = None
    pwd: str | None = None
    is_last: bool = False


def ufrag_of(sdp: str) -> str | None:
    """The first ``ice-ufrag``."""
    found = re.search(r"^a=ice-ufrag:(\S+)", sdp, re.MULTILINE)
    return found[1] if found else None


def _is_broadcast(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    return ip.version == 4 and (int(ip) >> 24 == 0 or int(ip) == 0xFFFFFFFF)


def _text(body: bytes, limit: int) -> str:
    if not 0 < len(body) <= limit:
        raise BadSdp("size")
    if not body.isascii() or any(byte < 32 and byte not in {9, 10, 13} for byte in set(body)):
        raise BadSdp("no plain text")
    text = body.decode("ascii")
    if max(map(len, text.splitlines())) > LINE_MOST:
        raise BadSdp("a long line")
    return text


def _split(lines: list[str]) -> tuple[dict[str, list[str]], list[_Section]]:
    if not lines or lines[0] != "v=0":
        raise BadSdp("does not begin with v=0")
    session: dict[str, list[str]] = {}
    sections: list[_Section] = []
    for line in lines:
        if not re.match(r"[a-z]=", line):
            raise BadSdp("a line that is none")
        if line.startswith("m="):
            found = _MEDIA.fullmatch(line[2:])
            if not found or found[1] not in NEEDED or int(found[2]) > 65_535 or "RTP/SAVPF" not in found[3]:
                raise BadSdp("a media section that is neither audio nor video over DTLS")
            sections.append(_Section(found[1], set(found[4].split())))
        else:
            name, _, value = line[2:].partition(":") if line.startswith("a=") else (line[0], "", line[2:])
            (sections[-1].lines if sections else session).setdefault(name, []).append(value)
    if not 1 <= len(sections) <= SECTIONS_MOST or len({each.kind for each in sections}) != len(sections):
        raise BadSdp("not one or two media sections, of different kinds")
    return session, sections


def _check_section(section: _Section, session: dict[str, list[str]], *, need_h264: bool) -> None:
    for name, form in _ICE.items():
        _matching(form, _one(section, session, name), name)
    _matching(_FINGERPRINT, _one(section, session, "fingerprint"), "fingerprint")
    if _one(section, session, "setup") not in _SETUPS:
        raise BadSdp("setup")
    for other in section.lines.get("fingerprint", []) + section.lines.get("setup", []):
        if other not in _SETUPS and not re.fullmatch(r"sha-\d{1,3} [0-9A-Fa-f:]{59,191}", other):
            raise BadSdp("fingerprint or setup")
    _check_codecs(section, need_h264=need_h264)
    for name, form in _FORMS.items():
        for told in section.lines.get(name, []):
            _matching(form, told, name)


def _check_codecs(section: _Section, *, need_h264: bool) -> None:
    known = {}
    if len(section.lines.get("rtpmap", [])) > CODECS_MOST:
        raise BadSdp("too many codecs")
    for told in section.lines.get("rtpmap", []):
        found = _RTPMAP.fullmatch(told)
        if not found or found[1] in known or int(found[3]) < 1:
            raise BadSdp("rtpmap")
        known[found[1]] = found[2].lower()
    for told in section.lines.get("fmtp", []):
        if not _FMTP.fullmatch(told) or told.split()[0] not in section.payloads:
            raise BadSdp("fmtp")
        _check_parameters(told.partition(" ")[2])
    offered = {known.get(payload) for payload in section.payloads}
    needed = NEEDED[section.kind]
    if needed not in offered and (need_h264 or section.kind == "audio"):
        raise BadSdp(f"no {needed}")


def _check_parameters(told: str) -> None:
    for each in told.split(";"):
        name, has_value, value = each.strip().partition("=")
        if has_value and name in _NUMBERS_IN_FMTP and not re.fullmatch(r"\d{1,9}", value):
            raise BadSdp("fmtp")
        if name == "profile-level-id" and not re.fullmatch(r"[0-9A-Fa-f]{6}", value):
            raise BadSdp("fmtp")


def _check_mids(session: dict[str, list[str]], sections: list[_Section]) -> None:
    mids = []
    for section in sections:
        told = section.lines.get("mid", [])
        if len(told) > 1 or (told and not _MID.fullmatch(told[0])):
            raise BadSdp("mid")
        mids += told
    if len(set(mids)) != len(mids) or (len(sections) > 1 and len(mids) < len(sections)):
        raise BadSdp("mid")
    for group in session.get("group", []):
        kind, *members = group.split()
        if kind == "BUNDLE" and not set(members) <= set(mids):
            raise BadSdp("bundle of strangers")


def _with_candidates(kept: list[str], lines: list[str], gate: Gate) -> list[str]:
    """The allowed candidates, each after the lines of its section."""
    allowed: list[list[str]] = []
    count = 0
    for line in lines:
        if line.startswith("m="):
            allowed.append([])
        elif line.startswith("a=candidate:"):
            count += 1
            if count > CANDIDATES_MOST or not allowed:
                raise BadSdp("candidates")
            if gate.candidate(line.removeprefix("a=candidate:")):
                allowed[-1].append(line)
    out: list[str] = []
    section = -1
    for line in kept:
        if line.startswith("m="):
            out += allowed[section] if section >= 0 else []
            section += 1
        out.append(line)
    return out + allowed[section]


def _one(section: _Section, session: dict[str, list[str]], name: str) -> str:
    """The first value, of the section or of the whole session."""
    told = section.lines.get(name) or session.get(name)
    if not told:
        raise BadSdp(f"no {name}")
    return told[0]


def _matching(form: re.Pattern[str], value: str, what: str) -> str:
    if not form.fullmatch(value):
        raise BadSdp(what)
    return value
