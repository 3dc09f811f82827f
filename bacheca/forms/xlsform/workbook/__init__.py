"""The workbook of an XLSForm: unpacked, read and written sheet by sheet, with what is wrong in a row."""
