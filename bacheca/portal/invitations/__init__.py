"""What leads people to a form: the event it is for, the day it opens in their calendar, its poster and QR code."""
