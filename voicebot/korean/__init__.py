"""Korean as it is written and spoken: numbers, dates, particles, letters. Pure: no I/O, no clock."""

from voicebot.korean.jamo import decompose, has_final, similarity
from voicebot.korean.numbers import counting, digits_one_by_one, native, native_determiner, sino
from voicebot.korean.numerals import parse_number
from voicebot.korean.particles import particle_for, with_particle
from voicebot.korean.speakable import speakable
from voicebot.korean.spoken import (
    count_words,
    date_words,
    month_words,
    months_words,
    percent,
    phone,
    phone_groups,
    time_words,
    won,
)

__all__ = [
    "count_words",
    "counting",
    "date_words",
    "decompose",
    "digits_one_by_one",
    "has_final",
    "month_words",
    "months_words",
    "native",
    "native_determiner",
    "parse_number",
    "particle_for",
    "percent",
    "phone",
    "phone_groups",
    "similarity",
    "sino",
    "speakable",
    "time_words",
    "with_particle",
    "won",
]
