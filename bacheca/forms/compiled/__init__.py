"""What catalogues and templates are made into before they are used, kept where Python keeps compiled modules."""
