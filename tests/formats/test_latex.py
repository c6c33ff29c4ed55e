from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.formats.latex import decode_latex
from review.formats.latex import decode_verbatim
from review.formats.latex import encode_latex


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (r"Mar{\'\i}a {\'A}lvarez", "María Álvarez"),
        (r"\"{u}ber {\"u}ber \"uber", "über über über"),
        (r"Erd{\H o}s Ji{\v{r}}{\'{\i}} \c{c} \v{s}", "Erdős Jiří ç š"),
        (r"stra{\ss}e {\O}re sm{\o}rre {\L}{\'o}d{\'z}", "straße Øre smørre Łódź"),
        (r"The {IEEE} {\textit{E. coli}} \emph{in vivo}", "The IEEE E. coli in vivo"),
        (r"47\% \& \$5 \#1 a\_b", "47% & $5 #1 a_b"),
        ("47% of 19 % stays", "47% of 19 % stays"),
        (r"$\Sigma^{0}$ and $\beta$-carotene", "Σ0 and β-carotene"),
        ("costs $5 and $6", "costs $5 and $6"),
        ("a~b 1--2 x---y", "a b 1–2 x—y"),
        (r"\unknown{x} stays", r"\unknownx stays"),
        (r"\{kept\}", "{kept}"),
        (r"\href{http://x.org}{text}", "text"),
    ],
)
def test_decode_latex(raw: str, text: str) -> None:
    assert decode_latex(raw) == text


def test_verbatim_fields_keep_their_signs() -> None:
    assert decode_verbatim(r"{10.1002/a\_b--c~d}") == "10.1002/a_b--c~d"


@given(st.text(max_size=80).map(lambda text: " ".join(text.split())))
def test_what_is_encoded_decodes_to_itself(text: str) -> None:
    assert decode_latex(encode_latex(text)) == text
