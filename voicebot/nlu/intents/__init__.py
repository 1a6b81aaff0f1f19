"""What a caller wants from the duty desk: the closed set of intents, learnt from labelled sentences. Pure."""

from voicebot.nlu.intents.asking import ask_back
from voicebot.nlu.intents.catalogue import Intent, catalogue, load_intents
from voicebot.nlu.intents.lines import understand_utterance_line
from voicebot.nlu.intents.understand import Utterance, understand_utterance

__all__ = [
    "Intent",
    "Utterance",
    "ask_back",
    "catalogue",
    "load_intents",
    "understand_utterance",
    "understand_utterance_line",
]
