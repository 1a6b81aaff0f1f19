"""The turn, and the life of a call from dial to hang-up. One database transaction per turn."""
