"""Signs that look alike or cannot be seen: one table for everything that is typed, short texts and numbers.

Keyboards, spreadsheets and word processors make them of what somebody meant to type, and they come along when a text is
pasted. Unicode, categories Pd, Zs and Cf.
"""

#: For `str.translate`: typographic quotes and accents that stand for an apostrophe become ' and ", every hyphen, dash
#: and minus -, every space of a single line an ordinary one; what cannot be seen is left away.
ALIKE = str.maketrans(
    dict.fromkeys("‘’´`ʼ", "'")
    | dict.fromkeys("“”„", '"')
    # Hyphen, non-breaking hyphen, figure dash, en dash, em dash, bar, minus; small and full width.
    | dict.fromkeys(map(chr, (*range(0x2010, 0x2016), 0x2212, 0xFE58, 0xFE63, 0xFF0D)), "-")
    # No-break space, those between an en quad and a hair space (a figure space is among them), narrow, mathematical
    # and ideographic.
    | dict.fromkeys(map(chr, (0xA0, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000)), " ")
    # What turns the order of digits round (U+202D, U+202E) stays: a number would be read otherwise than it looks.
    # Soft hyphen, zero width space, non-joiner and joiner, marks of direction, word joiner and invisible operators,
    # byte order mark.
    | dict.fromkeys(
        map(
            chr,
            (
                0xAD,
                0x61C,
                *range(0x200B, 0x2010),
                *range(0x202A, 0x202D),
                *range(0x2060, 0x2065),
                *range(0x2066, 0x206A),
                0xFEFF,
            ),
        ),
        None,
    )
)
