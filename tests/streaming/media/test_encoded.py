"""The hook into aiortc, and the jitter buffer that goes with it."""

from __future__ import annotations

import itertools
import random

import aiortc.rtcrtpreceiver as receiving
import pytest
from aiortc.rtp import RtpPacket

from streaming.media import encoded
from streaming.media.encoded import Reordering, Unit


class Wire:
    """Packets for a buffer, with a clock that is wound by hand."""

    def __init__(self, *, is_video: bool = True) -> None:
        self.buffer, self.now, self.is_video = Reordering(512, is_video=is_video), 0.0, is_video
        self.units: list[Unit] = []
        self.asked = 0

    def packet(self, seq: int, picture: int, data: str, *, marker: bool = False) -> RtpPacket:
        packet = RtpPacket(sequence_number=seq & 0xFFFF, timestamp=picture * 3_000 & 0xFFFFFFFF, marker=int(marker))
        vars(packet)["_data"] = data.encode()
        return packet

    def bring(self, packet: RtpPacket, wait_s: float = 0.004) -> None:
        self.now += wait_s
        ask, batch = self.buffer.add(packet, lambda: self.now)
        self.asked += ask
        self.units += batch.units if batch else []

    def pictures(self, count: int, parts: int = 3, first: int = 0) -> list[RtpPacket]:
        return [
            self.packet(first + n * parts + part, n, f"{n}.{part} ", marker=part == parts - 1)
            for n in range(count)
            for part in range(parts)
        ]

    @property
    def data(self) -> list[str]:
        return [unit.data.decode().strip() for unit in self.units]


def test_the_hook_knows_this_aiortc_and_goes_in() -> None:
    encoded.install()
    encoded.install()

    assert receiving.decoder_worker is encoded.hand_over
    assert vars(receiving)["JitterBuffer"] is Reordering


def test_another_aiortc_is_refused_loudly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoded, "version", lambda _: "1.17.0")

    with pytest.raises(RuntimeError, match="a known version"):
        encoded.check()


def test_a_picture_is_given_with_its_last_packet() -> None:
    wire = Wire()
    for packet in wire.pictures(2):
        wire.bring(packet)

    assert wire.data == ["0.0 0.1 0.2", "1.0 1.1 1.2"]
    assert [unit.ticks for unit in wire.units] == [0, 3_000]


def test_a_sender_that_marks_nothing_is_understood_too() -> None:
    wire = Wire()
    for seq in range(7):
        wire.bring(wire.packet(seq, seq // 3, str(seq)))

    assert wire.data == ["012", "345"]


@pytest.mark.parametrize("seed", range(10))
def test_packets_in_disorder_are_put_in_order(seed: int) -> None:
    wire, order = Wire(), random.Random(seed)
    packets = wire.pictures(60, first=0xFFF0)
    wire.bring(packets[0])
    rest = packets[1:]
    for begins in range(0, len(rest), 6):
        group = rest[begins : begins + 6]
        order.shuffle(group)
        for packet in group:
            wire.bring(packet)
            if order.random() < 0.2:
                wire.bring(packet)  # twice

    assert wire.data == [f"{n}.0 {n}.1 {n}.2" for n in range(60)]
    assert not any(unit.hole for unit in wire.units)


def test_a_lost_packet_is_waited_for_and_then_given_up() -> None:
    wire = Wire()
    for n, packet in enumerate(wire.pictures(40)):
        if n != 31:  # 10.1
            wire.bring(packet, 0.011)

    assert wire.data == [f"{n}.0 {n}.1 {n}.2" for n in range(40) if n != 10]
    assert [n for n, unit in enumerate(wire.units) if unit.hole] == [10]
    assert wire.asked == 1


def test_a_packet_that_comes_in_time_after_all_is_no_loss() -> None:
    wire = Wire()
    packets = wire.pictures(10)
    late = packets.pop(10)
    for n, packet in enumerate(packets):
        wire.bring(packet, 0.011)
        if n == 20:
            wire.bring(late)

    assert wire.data == [f"{n}.0 {n}.1 {n}.2" for n in range(10)]
    assert not any(unit.hole for unit in wire.units)


def test_of_a_picture_that_lost_its_beginning_nothing_is_given() -> None:
    wire = Wire()
    packets = wire.pictures(3, parts=40)
    for n, packet in enumerate(packets):
        if n not in {39, 40}:  # the end of one and the beginning of the next
            wire.bring(packet, 0.011)

    assert [each.split()[0] for each in wire.data] == ["2.0"]
    assert wire.units[0].hole


def test_numbers_and_times_count_on_where_they_wrap() -> None:
    wire = Wire()
    first = ((1 << 32) - 6_000) // 3_000
    for n in range(6):
        wire.bring(wire.packet(0xFFFE + n, first + n, "x", marker=True))

    ticks = [unit.ticks for unit in wire.units]
    assert [later - earlier for earlier, later in itertools.pairwise(ticks)] == [3_000] * 5


def test_sound_is_given_at_once_and_waits_a_little() -> None:
    wire = Wire(is_video=False)
    for n in range(20):
        if n != 5:
            wire.bring(wire.packet(n, n, str(n)), 0.02)

    assert wire.data == [str(n) for n in range(20) if n != 5]
    assert wire.asked == 0


def test_another_stream_on_the_same_line_begins_anew() -> None:
    wire = Wire()
    for packet in wire.pictures(3) + wire.pictures(3, first=30_000):
        wire.bring(packet)

    assert len(wire.units) == 5  # the first one of the new stream might have lost its beginning
    assert wire.units[3].hole
