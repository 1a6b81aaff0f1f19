"""What is learnt from labelled sentences: features of an utterance, linear models over them, their building. Pure
but for the cache of built models."""
