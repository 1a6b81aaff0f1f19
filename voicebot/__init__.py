"""A city's telephone voice-bot: it answers and places calls in Korean.

The map of the rooms and the rule of imports are in ``docs/architecture.md``.
"""
