"""Conditions as the `relevant` of an XLSForm: the XPath they are written in, read and written."""
