"""Outreach: the city rings residents. Who may be rung, what they are told, what their answers become."""
