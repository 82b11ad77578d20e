"""The gate: what aiortc never sees."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming.media.sdp import BadSdp, Gate, ufrag_of

FINGERPRINT = ":".join(["AB"] * 32)
SESSION = ["v=0", "o=- 1 2 IN IP4 127.0.0.1", "s=-", "t=0 0", "a=group:BUNDLE 0 1", "a=msid-semantic: WMS s"]
ICE = ["a=ice-ufrag:abcd", "a=ice-pwd:abcdefghijklmnopqrstuv", f"a=fingerprint:sha-256 {FINGERPRINT}", "a=setup:actpass"]
AUDIO = [
    "m=audio 9 UDP/TLS/RTP/SAVPF 111", "c=IN IP4 0.0.0.0", "a=mid:0", *ICE, "a=sendonly", "a=rtcp-mux", "a=rtpmap:111 opus/48000/2",
    "a=fmtp:111 minptime=10;useinbandfec=1",
]  # fmt: skip
VIDEO = [
    "m=video 9 UDP/TLS/RTP/SAVPF 96 97", "c=IN IP4 0.0.0.0", "a=mid:1", *ICE, "a=sendonly", "a=rtcp-mux", "a=rtpmap:96 H264/90000",
    "a=fmtp:96 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f", "a=rtpmap:97 rtx/90000", "a=fmtp:97 apt=96",
    "a=rtcp-fb:96 nack pli", "a=ssrc-group:FID 1 2", "a=ssrc:1 cname:x",
]  # fmt: skip
GOOD = [*SESSION, *AUDIO, *VIDEO]


def sdp(lines: list[str]) -> bytes:
    return ("\r\n".join(lines) + "\r\n").encode()


def changed(old: str, new: str | None) -> bytes:
    assert any(old in line for line in GOOD)
    return sdp([line.replace(old, new or "") for line in GOOD if new is not None or old not in line])


def candidates(*addresses: str) -> bytes:
    told = [f"a=candidate:{n} 1 udp 2113937151 {address} 5000 typ host" for n, address in enumerate(addresses)]
    return sdp([*GOOD, *told, "a=end-of-candidates"])


def kept(offer: str) -> list[str]:
    return [line.split()[4] for line in offer.splitlines() if line.startswith("a=candidate:")]


def test_a_good_offer_passes_as_it_is() -> None:
    assert Gate().offer(sdp(GOOD)).encode() == sdp(GOOD)
    assert ufrag_of(Gate().offer(sdp(GOOD))) == "abcd"


@pytest.mark.parametrize("bad", [
    b"",
    b"\0\xff\x80garbage",
    b"v=0",
    b"hello",
    sdp(SESSION),
    sdp(GOOD) + b"a=x:" + b"y" * 33_000,
    sdp([*GOOD, "a=x:" + "y" * 2_000]),
    "".join(GOOD).encode("utf-16"),
    sdp(GOOD).replace(b"s=-", "s=å".encode()),
    sdp([*SESSION, *AUDIO, *VIDEO, "m=application 9 UDP/DTLS/SCTP webrtc-datachannel", "a=mid:2", *ICE]),
    sdp([*SESSION, *AUDIO, *VIDEO, *VIDEO]),
    sdp([*SESSION, *VIDEO, *[line.replace("mid:1", "mid:2") for line in VIDEO]]),
    changed("m=audio 9", "m=audio xx"),
    changed("m=audio 9", "m=audio 99999"),
    changed("opus/48000/2", "opus"),
    changed("H264/90000", "H264/x"),
    changed("H264/90000", "VP8/90000"),
    changed("opus/48000/2", "PCMU/8000"),
    changed("setup:actpass", "setup:zzz"),
    changed("setup:actpass", None),
    changed("mid:1", "mid:0"),
    changed("a=mid:1", None),
    changed("a=group:BUNDLE 0 1", "a=group:BUNDLE 0 7"),
    changed("ice-ufrag", None),
    changed("ice-pwd", None),
    changed("ice-ufrag:abcd", "ice-ufrag:ab"),
    changed("fingerprint", None),
    changed("sha-256", "sha-1"),
    changed(FINGERPRINT, "AB:CD"),
    changed("apt=96", "apt=x"),
    changed("profile-level-id=42e01f", "profile-level-id=zz"),
    changed("a=rtpmap:97 rtx/90000", "a=rtpmap:96 rtx/90000"),
    changed("a=fmtp:97", "a=fmtp:55"),
    changed("a=ssrc:1 cname:x", "a=ssrc:x"),
    changed("a=ssrc:1 cname:x", "a=ssrc:99999999999 cname:x"),
    changed("UDP/TLS/RTP/SAVPF 111", "RTP/AVP 111"),
    sdp([*GOOD, "a=candidate:nonsense"]),
    sdp([*GOOD, "a=candidate:1 1 udp 1 192.0.2.1 99999 typ host"]),
    candidates(*["192.0.2.1"] * 65),
    sdp([*SESSION, *ICE, *VIDEO[:3], *VIDEO[7:]]).replace(b"m=video", b"m=video 1"),
])  # fmt: skip
def test_a_bad_offer_is_refused(bad: bytes) -> None:
    with pytest.raises(BadSdp):
        Gate().offer(bad)


def test_what_is_said_once_for_the_whole_session_counts_for_each_part_of_it() -> None:
    without = [line for line in GOOD if line not in ICE]

    assert Gate().offer(sdp([*without[:5], *ICE, *without[5:]]))


def test_a_viewer_need_not_know_h264_a_publisher_must() -> None:
    vp8 = changed("H264/90000", "VP8/90000")

    assert Gate().offer(vp8, need_h264=False)


def test_nothing_is_sent_to_addresses_that_are_nobodys_on_the_net() -> None:
    offer = Gate().offer(candidates(
        "127.0.0.1", "::1", "169.254.169.254", "fe80::1", "224.0.0.1", "ff02::1", "0.0.0.0", "::", "255.255.255.255", "240.0.0.1",
        "::ffff:127.0.0.1", "::ffff:169.254.169.254", "0127.0.0.1", "2130706433", "6e1b9a35-1e6b-4e4c-9c94-2a5e1f0a5f3c.local",
        "internal.example", "localhost", "10.0.0.5", "192.168.1.7", "172.16.0.9", "fd00::2", "203.0.113.9", "2001:4860::8888",
    ))  # fmt: skip

    assert kept(offer) == ["10.0.0.5", "192.168.1.7", "172.16.0.9", "fd00::2", "203.0.113.9", "2001:4860::8888"]


def test_more_candidates_may_come_after_the_end_of_candidates_from_their_side() -> None:
    assert "end-of-candidates" not in Gate().offer(candidates("192.0.2.1"))


def test_tests_may_use_this_machine() -> None:
    assert kept(Gate(allow_loopback=True).offer(candidates("127.0.0.1", "169.254.169.254"))) == ["127.0.0.1"]


def test_candidates_by_tcp_are_passed_by() -> None:
    line = "a=candidate:1 1 tcp 1518280447 192.0.2.1 9 typ host tcptype active"

    assert kept(Gate().offer(sdp([*GOOD, line]))) == []


def test_later_candidates_go_through_the_same_gate() -> None:
    told = [
        "a=ice-ufrag:abcd", "a=ice-pwd:abcdefghijklmnopqrstuv", "m=audio 9 UDP/TLS/RTP/SAVPF 0", "a=mid:0",
        "a=candidate:1 1 udp 2113937151 169.254.169.254 80 typ host", "a=candidate:1 1 udp 2113937151 secret.local 80 typ host",
        "a=candidate:1 1 udp 2113937151 192.0.2.7 5000 typ srflx raddr 10.0.0.1 rport 9", "a=end-of-candidates",
    ]  # fmt: skip
    found = Gate().fragment(sdp(told))

    assert [(mid, line.split()[4]) for mid, line in found.candidates] == [("0", "192.0.2.7")]
    assert (found.ufrag, found.is_last) == ("abcd", True)


@pytest.mark.parametrize("bad", [b"", b"\xff", sdp(["a=candidate:x"]), sdp(["a=ice-ufrag:!"]), b"a=x\r\n" * 5_000])
def test_a_bad_fragment_is_refused(bad: bytes) -> None:
    with pytest.raises(BadSdp):
        Gate().fragment(bad)


@given(st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 60), st.binary(max_size=6)), min_size=1, max_size=6))
def test_whatever_is_done_to_an_offer_it_is_let_in_or_refused(changes: list[tuple[int, int, bytes]]) -> None:
    lines = [line.encode() for line in GOOD]
    for line, at, new in changes:
        lines[line] = lines[line][:at] + new + lines[line][at + len(new) :]

    try:
        Gate().offer(b"\r\n".join(lines))
    except BadSdp:
        return
