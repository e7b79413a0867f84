"""Where the new text of a reply ends and the quoted letter begins."""

import re

from mailparser_reply.constants import MAIL_LANGUAGES
from mailparser_reply.parser import EmailMessage

# The library's patterns backtrack on long lines; a text with such lines is cut by our own rules only.
_LONGEST_LINE = 500
_MOST_LINES = 2_000

_LIBRARY = EmailMessage("", languages=[code for code in MAIL_LANGUAGES if code not in {"ja", "ko", "zh", "david"}])
_LIBRARY_HEADER = _LIBRARY.HEADER_REGEX

# "On ..., X wrote:" as mail programs write it, in one line, for the languages the library does not know or knows too strictly.
_WROTE = re.compile(
    r"""^[\s>\u200e\u200f\u202a-\u202e\u2066-\u2069"«]*(?:
        On\ .{6,200}\ wrote\s?: |
        Le\ .{6,200}\ a\ écrit\s?: |
        (?:Më|Me|Në|Ne)\ .{6,200}\ (?:shkroi|shkruajti|ka\ shkruar)\s?: |
        .{3,200}\ (?:shkroi|shkruajti)\ (?:më|në)\ .{4,100}: |
        (?:در|در\ تاریخ|به\ تاریخ|روز)\ .{4,200}(?:نوشت|نوشته\ است|نوشته|نوشته‌است)\s?: |
        .{3,100}\ در\ .{4,100}\ نوشت\s?: |
        (?:في|بتاريخ|يوم)\ .{4,200}\ ?(?:كتب|كتبت|كتب\ ما\ يلي).{0,200}[:：] |
        (?:كتب|كتبت)\ .{3,200}\ في\ .{4,100}[:：] |
        .{6,200}\ tarihinde\ .{0,200}(?:yazdı|şunu\ yazdı|şunları\ yazdı)\s?: |
        .{6,200}\ (?:пишет|написал|написала|написал\(а\))\s?: |
        .{6,200}\ (?:пише|написав|написала|написав\(ла\))\s?: |
        Am\ .{6,200}\ schrieb\ .{1,200}: |
        El\ .{6,200}\ escribió\s?: |
        Il\ .{6,200}\ ha\ scritto\s?:
    )[\s\u200e\u200f\u202a-\u202e\u2066-\u2069»"]*$""",
    re.VERBOSE | re.IGNORECASE,
)
# The headers that Outlook and its like put above the letter they quote: the first of two lines that follow each other.
_FIELDS = (
    ("From", "Sent", "Date", "To", "Subject", "Cc"),
    ("De", "Envoyé", "Date", "À", "A", "Objet", "Cc"),
    ("Von", "Gesendet", "Datum", "An", "Betreff", "Cc"),
    ("De", "Enviado", "Enviado el", "Fecha", "Para", "Asunto", "CC"),
    ("Da", "Inviato", "Data", "A", "Oggetto", "Cc"),
    ("Nga", "Dërguar", "Data", "Për", "Tek", "Subjekti", "Tema", "Cc"),
    ("از", "فرستنده", "ارسال شده", "ارسال", "تاریخ", "به", "گیرنده", "موضوع", "رونوشت"),
    ("من", "المرسل", "تم الإرسال", "الإرسال", "التاريخ", "إلى", "الموضوع", "نسخة"),
    ("Kimden", "Gönderen", "Gönderildi", "Gönderme", "Tarih", "Kime", "Alıcı", "Konu", "Bilgi"),
    ("От", "Отправлено", "Дата", "Кому", "Тема", "Копия"),
    ("Від", "Надіслано", "Дата", "Кому", "Тема", "Копія"),
)
_FIELD = {
    name.casefold(): language for language, names in enumerate(_FIELDS) for name in names
}  # only whether it is a field; the language is checked on the pair
_FIELD_LINE = re.compile(r"^[\s*>\u200e\u200f\u202a-\u202e]*([^\W\d_][\w ]{0,20}?)\s?[*\u200f]*\s?[:：][*\s]")
_SEPARATOR = re.compile(
    r"""^[\s>]*[-_–—*]{3,}\s?(?:
        Original\ Message | Forwarded\ message | Message\ d['’]origine | Message\ transféré | Ursprüngliche\ Nachricht |
        Mensaje\ original | Messaggio\ originale | Mesazhi\ origjinal | پیام\ اصلی | متن\ پیام\ اصلی | پیام\ بازفرست\ شده |
        الرسالة\ الأصلية | رسالة\ معاد\ توجيهها | Orijinal\ Mesaj | Özgün\ İleti | Исходное\ сообщение | Пересылаемое\ сообщение |
        Вихідне\ повідомлення | Початкове\ повідомлення
    )\s?[-_–—*]{3,}\s*$""",
    re.VERBOSE | re.IGNORECASE,
)
_QUOTED = re.compile(r"^[ \t\u200e\u200f\u202a-\u202e]*>")


def new_text(text: str) -> str:
    """What the sender wrote, without the letter quoted below it. Where everything stands below or between quoted lines
    (answers in place), those lines. The whole text when no quote is found; never empty unless the text is."""
    lines = text.splitlines()
    cut = _quote_starts(lines)
    above = _unquoted(lines[:cut])
    return above or _unquoted(lines[cut + 1 :]) or text.strip()


def _unquoted(lines: list[str]) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in lines if not _QUOTED.match(line))).strip()


def _quote_starts(lines: list[str]) -> int:
    """The number of the first line of the quote's heading; the number of lines when there is none."""
    for number, line in enumerate(lines):
        if len(line) > _LONGEST_LINE:
            continue
        wrapped = f"{line.rstrip()} {lines[number + 1].strip()}" if number + 1 < len(lines) else line
        if _SEPARATOR.match(line) or _WROTE.match(line) or _heads_block(lines, number):
            return min(number, _library_cut(lines))
        if (
            len(wrapped) <= _LONGEST_LINE
            and line.strip()
            and not line.rstrip().endswith((":", "."))
            and _WROTE.match(wrapped)
        ):
            return min(number, _library_cut(lines))
    return _library_cut(lines)


def _heads_block(lines: list[str], number: int) -> bool:
    """Whether a block of at least three header lines of one language begins at this line."""
    names = []
    for line in lines[number : number + 4]:
        field = _FIELD_LINE.match(line + " ")
        if field is None or field[1].strip().casefold() not in _FIELD:
            break
        names.append(field[1].strip().casefold())
    return len(names) >= 3 and any({name.casefold() for name in language}.issuperset(names) for language in _FIELDS)


def _library_cut(lines: list[str]) -> int:
    if len(lines) > _MOST_LINES or any(len(line) > _LONGEST_LINE for line in lines):
        return len(lines)
    found = _LIBRARY_HEADER.search("\n".join(line.strip() for line in lines))
    if found is None:
        return len(lines)
    before: str = found.string[: found.start()]
    return before.count("\n") + (1 if found[0].startswith("\n") else 0)
