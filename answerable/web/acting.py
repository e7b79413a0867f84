"""How a view acts: one valid form, one act of the product, and what was refused stands beside the field it is about."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from answerable.core.errors import Refused

Trail = Sequence[tuple[str, str]]  # (label, address) from the top down to the page above


@dataclass(frozen=True)
class FormPage:
    """What a page with one form says: heading, sentences above the form, the button, the way back and up."""

    heading: str
    act: str
    back: str
    trail: Trail = ()
    says: Sequence[str] = ()
    danger: bool = False


def done(form: forms.BaseForm, act: Callable[[], object]) -> bool:
    """Whether the form was valid and the act was done. What was refused is an error of the form."""
    if not (form.is_valid() and _can_be_seen(form)):
        return False
    try:
        act()
    except Refused as refused:
        refuse(form, refused)
        return False
    return True


def _can_be_seen(form: forms.BaseForm) -> bool:
    """Whether every text that is needed has a character one can see. A title of marks that turn text round has none."""
    for name, field in form.fields.items():
        value = form.cleaned_data[name]
        if field.required and isinstance(value, str) and not any(c.isprintable() and not c.isspace() for c in value):
            form.add_error(name, field.error_messages["required"])
    return not form.errors


def refuse(form: forms.BaseForm, refused: Refused) -> None:
    """Afterwards the form says what was refused, at the field it is about where the form has that field."""
    form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)


class _Nothing(forms.Form):
    """Nothing to fill in: only the button counts."""


def confirm(request: HttpRequest, page: FormPage, act: Callable[[], object], *, said: str, then: str) -> HttpResponse:
    """Ask once before what cannot be undone; when the button was pressed it is done, and `said`, on the page `then`."""
    form = _Nothing(request.POST if request.method == "POST" else None)
    if request.method == "POST" and done(form, act):
        messages.success(request, said)
        return redirect(then)
    return show_form(request, form, page)


def show_form(request: HttpRequest, form: forms.BaseForm, page: FormPage) -> HttpResponse:
    """The page with this form; 422 where it was posted and something has to be put right."""
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "components/form_page.html", {"form": form, "page": page}, status=status)
