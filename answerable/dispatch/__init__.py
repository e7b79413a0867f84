"""Hands letters over: e-mail, post, form, by hand."""
