"""The duty desk: what callers report after hours, and what the city makes of it."""
