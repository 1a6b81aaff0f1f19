"""What a caller wants from the duty desk: the closed set of intents, learnt from labelled sentences. Pure."""
