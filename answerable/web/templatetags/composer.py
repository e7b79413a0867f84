"""What the letter form looks up for one of its rows."""

from collections.abc import Mapping, Sequence

from django import template

from answerable.directory.finding import Proposal

register = template.Library()


@register.filter
def of_row(proposals: Mapping[str, Sequence[Proposal]], prefix: str) -> Sequence[Proposal]:
    """The offices proposed for the row with this prefix."""
    return proposals.get(prefix, ())
