"""How fast letters become PDF: letters a second, against WeasyPrint setting the same letter in the same process.

WeasyPrint is measured as it is usually called, with the style sheet in the page, and again with style sheet and fonts
read once and kept. Each letter says something else, so that nothing is remembered from the last.

Run as `python -m bench.pdf`. WeasyPrint needs Pango from the system (on Debian: libpango-1.0-0 libpangoft2-1.0-0).
"""

import dataclasses
import datetime as dt
import html
import sys
import time
from collections.abc import Callable

from answerable.letters.glyphs import FONTS
from answerable.letters.page import Labels, Page, Sender, Signatory, pdf

try:
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration
except OSError as lacking:
    sys.exit(
        f"pdf: not measured, for WeasyPrint found no Pango ({lacking}): apt-get install libpango-1.0-0 libpangoft2-1.0-0"
    )

ROUNDS, LETTERS = 5, 10
FLOOR = 12  # times as many letters as WeasyPrint
STAMPED_AT = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
LETTER = Page(
    language="en-GB",
    labels=Labels("Our reference", "Copy", "Copy of a letter to", "Copies to", "Enclosures"),
    sender=Sender("Friends of Nima", ("12 Linden Street", "Marlow"), ("friends@nima.example",)),
    recipient=("Ms Dana Sample", "Minister of Justice", "Ministry of Justice", "1 Government Square"),
    place_and_date="Marlow, 2 March 2026",
    subject="Access to a lawyer and to his family for Nima, detained since 14 May 2021",
    salutation="Dear Minister,",
    paragraphs=(
        "I write to you about my brother Nima, who was taken from our home on 14 May 2021. Since that day we have been "
        "told twice, by telephone, that he is held at the northern remand centre. We have not been told of any charge.",
        "On 3 October 2024 I wrote to your predecessor; on 11 February 2025 I wrote to the head of the prison service. "
        "No reply to either letter has reached us. I enclose both, with the proof that they were delivered.",
        "What we ask is modest:",
    ),
    asks=(
        "that we are told in writing where Nima is held, since when, and under which provision;",
        "that he is allowed to see the lawyer whom we appointed, without a guard present;",
        "that his mother, who is seventy-eight years old, may visit him before the end of May.",
    ),
    paragraphs_after=("I would be grateful for an answer by 16 March 2026.",),
    closing="Yours faithfully,",
    signatories=(Signatory("Alice", "sister of Nima", "Marlow"),),
    enclosures=("Letter of 3 October 2024", "Letter of 11 February 2025", "Two postal receipts"),
    copies=("The Prime Minister", "The Ombudsman"),
    reply_to=("Please answer to r.7f3kq2m9x4c8v1b6n0p5s2d7h3@answerable.example.",),
)
STYLE = f"""
@font-face {{ font-family: "Letter"; src: url("{(FONTS / "NotoSerif-Regular.ttf").as_uri()}") }}
@font-face {{ font-family: "Letter"; font-weight: 600; src: url("{(FONTS / "NotoSerif-SemiBold.ttf").as_uri()}") }}
@page {{
  size: a4; margin: 32mm 22mm 26mm 25mm; font: 8.6pt "Letter"; color: #565b66;
  @top-left {{ content: string(reference) }}
  @top-right {{ content: counter(page) " / " counter(pages) }}
}}
@page :first {{ margin-top: 17mm; @top-left {{ content: none }} @top-right {{ content: none }} }}
body {{ font: 10.5pt/1.5 "Letter"; color: #16181d; margin: 0; orphans: 2; widows: 2 }}
h1, h2, strong {{ font-size: 10.5pt; font-weight: 600 }}
header {{ min-height: 28mm }}
header p {{ border-bottom: 0.5pt solid #a4a9b3; font-size: 8.6pt; color: #565b66; padding-bottom: 3.5mm; margin: 0 }}
header strong {{ display: block; font-size: 13pt; color: #16181d }}
.head, .signatures, .listed {{ display: grid; line-height: 1.3 }}
.head {{ grid-template-columns: 85mm 1fr 56mm; min-height: 45mm }}
.head small {{ font-size: 6.5pt; color: #565b66; display: block }}
.reference {{ string-set: reference content() }}
.closing {{ break-after: avoid }}
.signatures {{ grid-template-columns: 1fr 1fr; padding-top: 15mm }}
.listed {{ grid-template-columns: 32mm 1fr; font-size: 9.5pt; break-inside: avoid }}
.listed ul {{ list-style: none; padding: 0; margin: 0 }}
footer {{ border-top: 0.5pt solid #a4a9b3; font-size: 9.2pt; padding-top: 3mm; break-inside: avoid }}
"""


def main() -> None:
    """Print the rates and their ratios, and whether the floor was held."""
    fonts = FontConfiguration()
    kept = weasyprint.CSS(string=STYLE, font_config=fonts)

    def ours(page: Page) -> bytes:
        return pdf(page, stamped_at=STAMPED_AT)

    def usual(page: Page) -> bytes:
        made: bytes = weasyprint.HTML(string=f"<style>{STYLE}</style>{_html(page)}").write_pdf(pdf_variant="pdf/ua-1")
        return made

    def with_fonts_kept(page: Page) -> bytes:
        document = weasyprint.HTML(string=_html(page))
        made: bytes = document.write_pdf(stylesheets=[kept], font_config=fonts, pdf_variant="pdf/ua-1")
        return made

    ours_rate, usual_rate, kept_rate = _rates(ours, usual, with_fonts_kept)
    ratio = ours_rate / usual_rate
    print(
        f"pdf: {ours_rate:,.0f} letters a second, WeasyPrint {usual_rate:,.1f}: {ratio:.1f} times (at least {FLOOR}); "
        f"WeasyPrint with its fonts kept {kept_rate:,.1f}: {ours_rate / kept_rate:.1f} times"
    )


def _rates(*makers: Callable[[Page], bytes]) -> list[float]:
    """Letters a second by each in its best round, so that what else the machine does falls on all alike."""
    best = [0.0] * len(makers)
    for first in range(0, ROUNDS * LETTERS, LETTERS):
        for n, make in enumerate(makers):
            pages = [_letter(number) for number in range(first, first + LETTERS)]
            started = time.perf_counter()
            for page in pages:
                make(page)
            best[n] = max(best[n], LETTERS / (time.perf_counter() - started))
    return best


def _letter(number: int) -> Page:
    paragraphs = tuple(f"{paragraph} ({number})" for paragraph in LETTER.paragraphs)
    return dataclasses.replace(LETTER, reference=f"AN-{number:04}", paragraphs=paragraphs)


def _html(page: Page) -> str:
    def lines(*texts: str) -> str:
        return "<br>".join(map(html.escape, texts))

    def paragraphs(*texts: str) -> str:
        return "".join(f"<p>{html.escape(text)}</p>" for text in texts)

    def listed(tag: str, texts: tuple[str, ...]) -> str:
        return f"<{tag}>" + "".join(f"<li>{html.escape(text)}</li>" for text in texts) + f"</{tag}>"

    sender = html.escape(" · ".join((*page.sender.address, *page.sender.contact)))
    signatures = "".join(f"<p><strong>{w.name}</strong><br>{lines(w.role, w.place)}</p>" for w in page.signatories)
    return f"""<html lang="{page.language}"><title>{html.escape(page.subject)}</title>
<header><p><strong>{html.escape(page.sender.name)}</strong> {sender}</p></header>
<div class="head"><p><small>{sender}</small>{lines(*page.recipient)}</p><p></p><p>{lines(page.place_and_date)}<br>
{page.labels.reference}<br><span class="reference">{page.reference}</span></p></div>
<h1>{html.escape(page.subject)}</h1>
{paragraphs(page.salutation, *page.paragraphs)}{listed("ol", page.asks)}{paragraphs(*page.paragraphs_after)}
<p class="closing">{html.escape(page.closing)}</p><div class="signatures">{signatures}</div>
<div class="listed"><h2>{page.labels.enclosures}</h2>{listed("ul", page.enclosures)}</div>
<div class="listed"><h2>{page.labels.copies}</h2>{listed("ul", page.copies)}</div>
<footer>{lines(*page.reply_to)}</footer></html>"""


if __name__ == "__main__":
    main()
