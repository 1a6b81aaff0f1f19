"""What other programs read: health and metrics now; the city's interfaces later."""
