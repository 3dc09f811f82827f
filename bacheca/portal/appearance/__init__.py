"""How a community's portal looks: its colours, and the files of its own that take the place of the product's."""
