"""Pages and files that nobody wrote: lists, feeds, calendars."""
