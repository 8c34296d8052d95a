"""Results in databases, sheets and calendars. Knows only ``schemas``: nothing of how plans are read."""
