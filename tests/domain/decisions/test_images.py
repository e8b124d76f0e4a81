"""Pictures of before and after are read strictly and kept without what they tell of their maker."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pictures import SCRIPT, gif, jpeg, png, webp

from insights.core.errors import InvalidInput
from insights.decisions.images import LARGEST_IMAGE, check_image

KINDS = [(png(), "image/png"), (jpeg(), "image/jpeg"), (gif(), "image/gif"), (webp(), "image/webp")]
SVG = b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(("content", "media_type"), KINDS)
def test_a_picture_keeps_its_kind_and_size(content: bytes, media_type: str) -> None:
    image = check_image(content, field="before_image")

    assert (image.media_type, image.width, image.height) == (media_type, 3, 2)
    assert check_image(image.content, field="before_image") == image


@pytest.mark.parametrize(
    "content",
    [
        png(3, 2, (b"tEXt", b"Comment\x00" + SCRIPT), (b"eXIf", SCRIPT)),
        png() + SCRIPT,
        jpeg(comment=SCRIPT),
        jpeg() + SCRIPT,
        gif(comment=SCRIPT),
        gif() + SCRIPT,
        webp(exif=SCRIPT),
        webp() + SCRIPT,
    ],
)
def test_what_does_not_draw_stays_behind(content: bytes) -> None:
    assert SCRIPT in content
    assert SCRIPT not in check_image(content, field="after_image").content


def test_a_picture_from_a_telephone_keeps_how_it_is_turned_and_nothing_else_of_the_camera() -> None:
    image = check_image(jpeg(4, 3, orientation=6), field="after_image")

    assert b"Exif" in image.content
    assert (image.width, image.height) == (3, 4)
    assert check_image(image.content, field="after_image").width == 3


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (SVG, "SVG pictures can carry scripts"),
        (b"\xef\xbb\xbf  <svg onload=alert(1)>", "SVG"),
        (b"%PDF-1.7", "PDF"),
        (b"PK\x03\x04 a spreadsheet", "no picture"),
        (b"\x00\x00\x00\x18ftypheic", "not shown by every browser"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * (LARGEST_IMAGE), "5 MB is the most"),
        (png()[:-20], "damaged"),
        (png()[:-20] + b"\x00" * 20, "damaged"),
        (jpeg()[:-4], "damaged"),
        (gif()[:-1], "damaged"),
        (webp()[:-4], "damaged"),
        (png(100_000, 100_000), "pixels"),
        (png(0, 2), "no width"),
        (gif(65_000, 65_000), "pixels"),
    ],
)
def test_what_is_no_picture_that_can_be_shown_is_refused_in_words(content: bytes, words: str) -> None:
    with pytest.raises(InvalidInput, match=words) as caught:
        check_image(content, field="before_image")

    assert list(caught.value.fields) == ["before_image"]


@given(st.sampled_from([content for content, _ in KINDS]), st.data())
def test_a_picture_that_was_tampered_with_is_refused_or_kept_as_a_picture(content: bytes, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(content) - 1))
    changed = content[:place] + data.draw(st.binary(max_size=4)) + content[place + data.draw(st.integers(0, 4)) :]
    with suppress(InvalidInput):
        image = check_image(changed, field="before_image")
        assert check_image(image.content, field="before_image").content == image.content
