"""Korean telephone numbers, however people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicebot.records.phones import display_phone, normalise_phone

SEPARATORS = st.sampled_from(["", "-", " ", " - ", ".", "\u2013"])
NATIONAL = st.one_of(
    st.from_regex(r"010[0-9]{8}", fullmatch=True),
    st.from_regex(r"02[2-9][0-9]{6,7}", fullmatch=True),
    st.from_regex(r"032[2-9][0-9]{6,7}", fullmatch=True),
    st.from_regex(r"070[0-9]{8}", fullmatch=True),
)


@pytest.mark.parametrize(
    ("written", "e164"),
    [
        ("010-1234-5678", "+821012345678"),
        ("01012345678", "+821012345678"),
        ("+82 10 1234 5678", "+821012345678"),
        ("+82 (0)10-1234-5678", "+821012345678"),
        ("011-234-5678", "+82112345678"),
        ("02-345-6789", "+8223456789"),
        ("02)3456-7890", "+82234567890"),
        ("(032) 320-3000", "+82323203000"),
        ("031 8000 1234", "+823180001234"),
        ("070-7000-1234", "+827070001234"),
        ("0505-123-4567", "+825051234567"),
        ("080-123-4567", "+82801234567"),
        ("1588-1234", "+8215881234"),
        ("1600 2129", "+8216002129"),
        ("+8218001234", "+8218001234"),
        ("\uff10\uff11\uff10\u3000\uff11\uff12\uff13\uff14\uff0d5678", "+821012345678"),
        ("+1 (415) 555-0100", "+14155550100"),
    ],
)
def test_it_reads_numbers_as_people_write_them(written: str, e164: str):
    assert normalise_phone(written) == e164


@pytest.mark.parametrize(
    ("written", "remedy"),
    [
        ("", "write it like 010-1234-5678"),
        ("없음", "write it like 010-1234-5678"),
        ("1012345678", "write 01012345678"),
        ("821012345678", "write [+] before the country code"),
        ("320-3000", "area code is missing"),
        ("119", "short numbers"),
        ("010-1234-567", "number of digits"),
        ("010-1234-56789", "number of digits"),
        ("034-123-4567", "area code"),
        ("032-123-4567", "check the number of digits and the area code"),
        ("1400-1234", "area code is missing"),
        ("+82 010", "number of digits"),
        ("+12", "international"),
        ("+1 415 555 01٠٠", "international"),
        ("010-1234-567٨", "write it like"),
        ("010-1234-5678 (딸)", "write it like"),
    ],
)
def test_it_refuses_what_it_would_have_to_guess_and_says_what_to_do(written: str, remedy: str):
    with pytest.raises(ValueError, match=remedy):
        normalise_phone(written)


@given(NATIONAL, SEPARATORS, st.integers(3, 7))
def test_separators_and_the_country_code_never_matter(digits: str, separator: str, place: int):
    e164 = normalise_phone(digits)
    assert normalise_phone(digits[:place] + separator + digits[place:]) == e164
    assert normalise_phone(f"+82{separator}{digits[1:]}") == e164
    assert normalise_phone(e164) == e164
    assert normalise_phone(display_phone(e164)) == e164


@given(st.text(max_size=20))
def test_any_text_is_a_number_or_a_value_error(text: str):
    try:
        number = normalise_phone(text)
    except ValueError:
        return
    assert number.startswith("+")
    assert number[1:].isascii()
    assert number[1:].isdigit()


@pytest.mark.parametrize(
    ("e164", "shown"),
    [
        ("+821000000001", "010-0000-0001"),
        ("+82323203000", "032-320-3000"),
        ("+8223456789", "02-345-6789"),
        ("+8215881234", "1588-1234"),
        ("+825051234567", "0505-123-4567"),
        ("+14155550100", "+14155550100"),
    ],
)
def test_it_shows_numbers_as_koreans_write_them(e164: str, shown: str):
    assert display_phone(e164) == shown
