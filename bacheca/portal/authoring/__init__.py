"""What writes into `content/` for editors: new pages, entries, forms, marks."""
