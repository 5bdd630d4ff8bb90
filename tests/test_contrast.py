"""The colours of tokens.css against WCAG 2.2 AA, in both schemes: 4.5 for text, 3 for what must be seen."""

import re
from pathlib import Path

import pytest
from django.conf import settings

TEXT, GRAPHIC = 4.5, 3.0
TOKENS = {
    name: schemes
    for name, *schemes in re.findall(
        r"--c-([\w-]+):\s*light-dark\((#\w{6}),\s*(#\w{6})\)",
        (Path(settings.BASE_DIR) / "static/css/tokens.css").read_text(),
    )
}
INK = ("ink", "ink-2", "ink-3", "petrol", "plum", "saffron", "ok", "bad")
PAIRS = [
    *((fore, back, TEXT) for fore in INK for back in ("paper", "surface", "raised")),
    *((fore, "sunken", TEXT) for fore in ("ink", "ink-2", "ink-3", "petrol")),
    *((fore, "petrol-tint", TEXT) for fore in ("on-tint", "ink", "petrol")),
    *((fore, "plum-tint", TEXT) for fore in ("on-plum-tint", "plum")),
    *((fore, "saffron-tint", TEXT) for fore in ("on-saffron-tint", "saffron", "ink", "ink-2")),
    *((fore, tint, TEXT) for tint in ("ok-tint", "bad-tint") for fore in (tint.split("-")[0], "ink")),
    *(("on-petrol", back, TEXT) for back in ("petrol-fill", "petrol-hover")),
    ("on-block", "petrol-block", TEXT),
    ("ink", "selection", TEXT),
    *((f"on-seq-{step}", f"seq-{step}", TEXT) for step in range(1, 6)),
    *(("line-strong", back, GRAPHIC) for back in ("paper", "surface", "raised", "sunken")),
    *(
        (fore, back, GRAPHIC)
        for fore in ("focus", "petrol-fill", "plum-fill", "bad-fill")
        for back in ("paper", "surface")
    ),
]


def luminance(colour):
    """Relative luminance of an sRGB colour, by WCAG 2.2's definition."""
    channels = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(("fore", "back", "needed"), PAIRS)
def test_pair_is_readable_in_both_schemes(fore, back, needed):
    ratios = [ratio(one, other) for one, other in zip(TOKENS[fore], TOKENS[back], strict=True)]
    assert min(ratios) >= needed


def test_black_on_white_is_21():
    assert round(ratio("#000000", "#ffffff"), 6) == 21
