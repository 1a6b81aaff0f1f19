"""The staff's pages. For now plain, read-only, and open only in the demo city, whose people are invented."""
