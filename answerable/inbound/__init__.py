"""Takes mail in, parses it, says what kind it is, matches it."""
