"""The page: a letter on paper, as PDF for the envelope and the record, as a picture for the screen.

The words of a letter are data to Typst, never markup; it sees its own folder, our fonts and nothing else.
"""

import dataclasses
import datetime as dt
import functools
import json
import re
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typst

TEMPLATE = Path(__file__).parent / "page" / "letter.typ"
FONTS = Path(__file__).parent / "fonts"
