"""How a sentence is written in its language once what it names is known: its articles, its numbers."""
