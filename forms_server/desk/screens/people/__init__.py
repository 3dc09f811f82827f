"""People: what is held of somebody and what they asked for, sign-ups, and letters to them."""
