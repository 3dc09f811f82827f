"""What every screen of the desk stands in: who is there, what they may do, the page around it."""
