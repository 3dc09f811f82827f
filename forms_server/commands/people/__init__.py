"""The commands for people: who signed up, what is done for them, and what is written to them."""
