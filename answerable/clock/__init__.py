"""Response rules, calendars, deadlines."""
