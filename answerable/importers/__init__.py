"""Letters that exist already: a page, a text, an e-mail becomes a letter with its parts.

    text.py, page.py, plain.py, message.py     bytes -> numbered lines (`Page`)
    cues/*.toml, cues.py                       how the parts of a letter begin, per language: data, no code
    weighing.py                                each line by itself: which part could it be, and why
    labelling.py                               the lines in their order: which part each one is
    people.py, dates.py, languages.py          who is written to and who signs, when, in which language
    letter.py                                  the labelled lines -> `Reading`
    reading.py                                 READ FIRST: the five steps, `read`
    telling.py                                 the same, told to a person on a terminal

Nothing here touches the database or the network, and nothing is inferred that the text does not say.
"""
