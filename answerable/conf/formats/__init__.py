"""How dates and times are written here, where a language's usual form could be misread."""
