"""When a plate stands for people who are heard and not seen."""

from __future__ import annotations

from streaming.media.plate import ALONE_MS, EVERY_MS, SOUND_MS, Plate


def test_nobody_heard_is_no_plate() -> None:
    assert not Plate().is_due(1_000.0, pictures=False, on_air=False)


def test_it_waits_for_a_camera_that_may_be_on_its_way() -> None:
    plate = Plate()
    due = []
    for now in range(0, 3_000, 20):
        plate.hear(float(now))
        if plate.is_due(float(now), pictures=False, on_air=False):
            due.append(now)

    assert due[0] == ALONE_MS


def test_it_follows_at_once_on_a_picture_that_is_gone_and_yields_to_one_that_comes() -> None:
    plate = Plate()
    plate.hear(100.0)

    assert plate.is_due(120.0, pictures=False, on_air=True)
    assert not plate.is_due(140.0, pictures=True, on_air=True)
    assert not plate.is_due(160.0, pictures=False, on_air=False)


def test_it_ends_with_the_sound() -> None:
    plate = Plate()
    plate.hear(0.0)

    assert plate.is_due(SOUND_MS, pictures=False, on_air=True)
    assert not plate.is_due(SOUND_MS + 1, pictures=False, on_air=True)


def test_its_pictures_come_evenly_and_a_key_frame_when_asked_for() -> None:
    plate = Plate()
    shots = [(at, plate.shoot(float(at))) for at in range(0, 1_001, 20)]

    assert [at for at, shot in shots if shot] == [n * int(EVERY_MS) for n in range(6)]
    assert [shot[0].is_key for _, shot in shots if shot] == [True, False, False, False, False, False]
    plate.ask()
    assert plate.shoot(1_200.0)[0].is_key
