"""What the portal's search finds: the index that pages leave, and the community's own words for what is looked for."""
