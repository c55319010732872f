"""What the panel's modules work out by themselves: messages, numbers, colours, speed."""

import numpy as np
import pytest

from engine.frames import Message, encode
from tests.pages.live_panel.conftest import Screen


def test_every_message_is_read_as_it_was_written(screen: Screen) -> None:
    screen.load()
    arrays = {
        "bytes": np.arange(5, dtype=np.uint8),
        "counts": np.array([[1, -2], [3, 4]], np.int32),
        "floats": np.array([[[0.5, -1.25, np.inf]]], np.float32),
        "doubles": np.array([np.pi, np.nan], np.float64),
        "none": np.empty((0, 3), np.float32),
    }
    raw = encode(Message("frame", {"step": 7, "words": {"a": "ü ‹"}}, arrays))
    told = screen.page.evaluate(
        """async (bytes) => {
            const { decode } = await import("/live/assets/test/message.js");
            const { kind, header, arrays } = decode(new Uint8Array(bytes).buffer);
            const list = ([name, { shape, values }]) => [name, shape, [...values].map(String), values.constructor.name];
            return { kind, header, listed: [...arrays].map(list) };
        }""",
        list(raw),
    )
    assert told["kind"] == "frame"
    assert told["header"] == {"step": 7, "words": {"a": "ü ‹"}}
    assert told["listed"] == [
        ["bytes", [5], ["0", "1", "2", "3", "4"], "Uint8Array"],
        ["counts", [2, 2], ["1", "-2", "3", "4"], "Int32Array"],
        ["floats", [1, 1, 3], ["0.5", "-1.25", "Infinity"], "Float32Array"],
        ["doubles", [2], ["3.141592653589793", "NaN"], "Float64Array"],
        ["none", [0, 3], [], "Float32Array"],
    ]


@pytest.mark.parametrize("bad", [b"", b"LSF1", b"nonsense" * 4, b"LSF1\xff\xff\xff\x7f{}      "])
def test_bytes_that_are_no_message_are_refused(screen: Screen, bad: bytes) -> None:
    screen.load()
    script = """async (bytes) => {
        const { decode } = await import("/live/assets/test/message.js");
        try { decode(new Uint8Array(bytes).buffer); return "read"; } catch (error) { return error.message; }
    }"""
    assert "message" in screen.page.evaluate(script, list(bad))


@pytest.mark.parametrize("classes", [2, 3, 5, 8])
def test_a_sure_class_has_its_own_colour_and_not_its_neighbours(screen: Screen, classes: int) -> None:
    screen.load()
    hues = [f"#{index * 30:02x}0000" for index in range(classes)]
    scale = [[(index + end) / classes, hue] for index, hue in enumerate(hues) for end in (0, 1)]
    surest = [index + 0.999 for index in range(classes)]
    painted = screen.page.evaluate(
        """async ([scale, values]) => {
            const { Surface } = await import("/live/assets/test/surface.js");
            const surface = new Surface(0, { colorscale: scale, zmin: 0, zmax: values.length, zsmooth: false });
            const axis = { l2p: (value) => 10 * value, _offset: 0, _length: 100 };
            const data = [{ x: values.map((_, index) => index), y: [0], z: [] }];
            const plot = { data, calcdata: [[{ z: [values] }]], _fullLayout: { xaxis: axis, yaxis: axis } };
            surface.paint(plot, { shape: [1, values.length], values: Float32Array.from(values) });
            const { data: bytes } = surface.cells.getContext("2d").getImageData(0, 0, values.length, 1);
            return values.map((_, index) => bytes[4 * index]);
        }""",
        [scale, surest],
    )
    assert painted == [index * 30 for index in range(classes)]


def test_numbers_keep_their_digits_when_they_get_small(screen: Screen) -> None:
    screen.load()
    written = {0.0: "0.000", 1.0: "1.000", 0.001234: "0.001234", 0.98765: "0.9877", -12.345: "−12.35", 34567.8: "34568"}
    written |= {0.000034: "3.4e−5", 5.2e11: "5.2e11"}
    told = screen.page.evaluate(
        """async (values) => {
            const { short } = await import("/live/assets/test/numbers.js");
            return values.map((value) => short(value));
        }""",
        list(written),
    )
    assert told == list(written.values())


def test_an_epoch_is_not_told_before_it_is_done(screen: Screen) -> None:
    screen.load()
    written = {0.0: "0.0", 298.56: "298.5", 298.999: "298.9", 299.0: "299.0", 0.3: "0.3", 12345.67: "12,345.6"}
    told = screen.page.evaluate(
        """async (values) => {
            const { progress } = await import("/live/assets/test/numbers.js");
            return [...values, NaN].map(progress);
        }""",
        list(written),
    )
    assert told == [*written.values(), "–"]


def test_speed_is_that_of_the_worker_s_clock_over_the_last_second_and_a_half(screen: Screen) -> None:
    screen.load()
    told = screen.page.evaluate(
        """async () => {
            const { Speed } = await import("/live/assets/test/readouts.js");
            const speed = new Speed();
            const told = [speed.perSecond];
            const add = (step, at) => told.push((speed.add(step, at), speed.perSecond));
            add(100, 7);
            add(148, 7.48); // too short a while
            add(150, 7.5);
            for (let at = 7.6; at < 10; at += 0.1) add(150 + 500 * (at - 7.5), at); // five times as fast
            add(20, 8); // after a reset
            add(30, 9);
            speed.forget();
            return [...told, speed.perSecond];
        }"""
    )
    assert np.isnan(told[:3]).all()
    assert told[3] == pytest.approx(100)
    assert told[-5] == pytest.approx(500)
    assert np.isnan(told[-3])
    assert told[-2] == pytest.approx(10)
    assert np.isnan(told[-1])
