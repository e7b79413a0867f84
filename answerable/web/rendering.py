"""How Django renders forms here: our field, our form, everything else as Django has it (FORM_RENDERER)."""

from typing import Any

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest


class Rendering(DjangoTemplates):
    """Fields with hint and error tied to the input; the form's own errors are left to the error summary."""

    form_template_name = "components/form.html"
    field_template_name = "components/field.html"

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        """Widgets without `maxlength`: a browser would cut what is pasted, and say nothing. We say what is too long."""
        if "widget" in context:
            context["widget"]["attrs"].pop("maxlength", None)
        return super().render(template_name, context, request)
