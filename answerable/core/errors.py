"""What goes wrong, said to the person who wrote the letter."""


class Refused(Exception):
    """An act that cannot be done as asked. Its message is a sentence for the writer: what is wrong, what to change.

    Nothing was changed when this is raised. `field` names the form field it belongs to, if there is one.
    """

    def __init__(self, sentence: str, *, field: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = str(sentence)
        self.field = field
