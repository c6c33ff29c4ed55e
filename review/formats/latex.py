"""LaTeX in bibliographic fields to plain text, and plain text to what BibTeX reads.

bibtexparser's own decoding (pylatexenc) is not used: an unescaped per cent sign begins a comment for it, so that an abstract is cut
at its first percentage without a word; it also recurses with the depth of the braces. What bibliographies hold is accents, symbols, a
few commands and protecting braces, which one pass of each rule below settles in linear time.
"""

from __future__ import annotations

import re
import unicodedata

_ACCENTS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", '"': "\u0308", "=": "\u0304", ".": "\u0307", "u": "\u0306",
    "v": "\u030c", "H": "\u030b", "c": "\u0327", "d": "\u0323", "b": "\u0331", "k": "\u0328", "r": "\u030a",
}  # fmt: skip
_SYMBOLS = {
    "ss": "ß", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å", "AA": "Å", "i": "ı",
    "j": "ȷ", "dh": "ð", "DH": "Ð", "th": "þ", "TH": "Þ", "dj": "đ", "DJ": "Đ", "ng": "ŋ", "NG": "Ŋ", "textendash": "–",
    "textemdash": "—", "ldots": "…", "dots": "…", "textellipsis": "…", "textdegree": "°", "degree": "°", "copyright": "©",
    "textregistered": "®", "texttrademark": "™", "pm": "±", "textpm": "±", "times": "×", "texttimes": "×", "cdot": "·", "div": "÷",
    "mu": "μ", "textmu": "µ", "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "varepsilon": "ε",
    "zeta": "ζ", "eta": "η", "theta": "θ", "iota": "ι", "kappa": "κ", "lambda": "λ", "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ",
    "sigma": "σ", "tau": "τ", "upsilon": "υ", "phi": "φ", "varphi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω", "Gamma": "Γ",
    "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω",
    "leq": "≤", "le": "≤", "geq": "≥", "ge": "≥", "neq": "≠", "approx": "≈", "sim": "~", "infty": "∞", "rightarrow": "→", "to": "→",
    "leftarrow": "←", "S": "§", "P": "¶", "pounds": "£", "euro": "€", "texteuro": "€", "textless": "<", "textgreater": ">",
    "lt": "<", "gt": ">", "textbar": "|", "textquoteright": "’", "textquoteleft": "‘", "textquotedblleft": "“",
    "textquotedblright": "”", "textquotesingle": "'", "textquotedbl": '"', "guillemotleft": "«", "guillemotright": "»",
    "textbullet": "•", "textperiodcentered": "·", "textbackslash": "\ue003", "textasciitilde": "\ue004", "textasciicircum": "\ue005",
    "textunderscore": "_", "textdollar": "\ue006", "backslash": "\ue003", "textbraceleft": "\ue001", "textbraceright": "\ue002", "textmd": "", "LaTeX": "LaTeX", "TeX": "TeX",
    "BibTeX": "BibTeX", "slash": "/", "textexclamdown": "¡", "textquestiondown": "¿", "prime": "′", "circ": "°",
    "textonehalf": "½", "textonequarter": "¼", "dag": "†", "ddag": "‡", "textordfeminine": "ª", "textordmasculine": "º",
}  # fmt: skip
_COMMANDS = (
    "textit|textbf|textsc|textrm|textsf|texttt|textsl|textup|textnormal|textsuperscript|textsubscript|emph|mathrm|mathit|mathbf|"
    "mathsf|mathcal|mathbb|text|mbox|hbox|ensuremath|url|uppercase|lowercase|MakeUppercase|underline|noopsort|bibinfo|enquote"
)
_SWITCHES = (
    "bf|it|rm|sc|sf|tt|em|sl|small|itshape|bfseries|relax|protect|noindent|unskip|break|allowbreak|newline|quad|qquad"
)

_ACCENT = re.compile(
    r"""\\(?:(?P<sign>[`'^"~=.])\s*|(?P<letter>[uvHcdbkr])(?:\s+|(?=\{|\\)))"""
    r"(?:\{\s*(?:\\(?P<dotless>[ij])(?![A-Za-z])|(?P<braced>[^\W\d_]))?\s*\}|\\(?P<dotless2>[ij])(?![A-Za-z])\s?|(?P<bare>[^\W\d_]))"
)
_SYMBOL = re.compile(r"\\([A-Za-z]+)(?:\s*\{\}|[ \t]+(?=[^\s])|(?![A-Za-z]))")
_STRIP = re.compile(rf"\\(?:{_COMMANDS})\s*(?=\{{)|\\(?:{_SWITCHES})(?![A-Za-z])\s?")
_HREF = re.compile(r"\\href\s*\{[^{}]*\}\s*(?=\{)")
_ESCAPED = re.compile(r"\\([&%#_$ ,;:!/@<>|*+()-])")
_MATH = re.compile(r"(?<!\\)\$([^$]{1,400}?)(?<!\\)\$")
_BRACES = re.compile(r"[{}]")
_GUARDS = {"\ue001": "{", "\ue002": "}", "\ue003": "\\", "\ue004": "~", "\ue005": "^", "\ue006": "$"}
_GUARD = str.maketrans(_GUARDS)
_SPECIAL = re.compile(r"[\\{}~^$&%#_]|-(?=-)|`(?=`)|'(?=')")
_WRITE = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "$": r"\$",
    "&": r"\&", "%": r"\%", "#": r"\#", "_": r"\_", "-": "-{}", "`": "`{}", "'": "'{}",
}  # fmt: skip


def _accent(match: re.Match[str]) -> str:
    mark = _ACCENTS[match["sign"] or match["letter"]]
    letter = match["dotless"] or match["dotless2"] or match["braced"] or match["bare"]
    if letter is None:
        return match["sign"] if match["sign"] in {"^", "`", "'"} else {"~": "\ue004"}.get(match["sign"] or "", "")
    return unicodedata.normalize("NFC", letter + mark)


def _symbol(match: re.Match[str]) -> str:
    found = _SYMBOLS.get(match.group(1))
    return match.group() if found is None else found


def _math(match: re.Match[str]) -> str:
    body = match.group(1)
    if "\\" not in body and "^" not in body and "_" not in body and not re.fullmatch(r"[\w.,<>=+*/()-]{1,30}", body):
        return match.group()
    return re.sub(r"[\^_](?=[{\w\\])", "", body)


def decode_latex(text: str) -> str:
    """Return the field's text without LaTeX: accents and symbols as letters, formatting commands and braces gone.

    Commands that are not known stay as they are, so that nothing disappears.
    """
    if "\\" in text:
        text = text.replace(r"\{", "\ue001").replace(r"\}", "\ue002").replace(r"\\", " ")
        text = text.replace(r"\$", "\ue006")
    if "$" in text:
        text = _MATH.sub(_math, text)
    if "\\" in text:
        text = _HREF.sub("", text)
        text = _ACCENT.sub(_accent, text)
        text = _STRIP.sub("", text)
        text = _SYMBOL.sub(_symbol, text)
        text = _ESCAPED.sub(r"\1", text)
    text = text.replace("~", " ").replace("---", "—").replace("--", "–").replace("``", "“").replace("''", "”")
    return _BRACES.sub("", text).translate(_GUARD)


def decode_verbatim(text: str) -> str:
    r"""Return the text of a field that is no prose (DOI, address, file): escapes such as `\_` undone, outer braces gone."""
    if "\\" in text:
        text = re.sub(r"\\url\s*(?=\{)", "", text)
        text = (
            text.replace(r"\textasciitilde{}", "~")
            .replace(r"\textbackslash{}", "\ue003")
            .replace(r"\textasciicircum{}", "^")
        )
        text = text.replace(r"\{", "\ue001").replace(r"\}", "\ue002")
        text = re.sub(r"\\([&%#_$~])", r"\1", text)
    return _BRACES.sub("", text).translate(_GUARD)


def encode_latex(text: str) -> str:
    """Return plain text so that `decode_latex` gives it back; letters stay Unicode, only special characters are escaped."""
    return _SPECIAL.sub(lambda match: _WRITE[match.group()], text)
