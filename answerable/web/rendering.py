"""How Django renders forms here: our field, our form, everything else as Django has it (FORM_RENDERER)."""

from django.forms.renderers import DjangoTemplates


class Rendering(DjangoTemplates):
    """Fields with hint and error tied to the input; the form's own errors are left to the error summary."""

    form_template_name = "components/form.html"
    field_template_name = "components/field.html"
