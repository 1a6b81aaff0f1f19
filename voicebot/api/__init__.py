"""What other programs read: health, metrics, and the city's interfaces."""
