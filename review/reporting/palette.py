"""Colours that people with any colour vision tell apart, and that stay apart in grey print.

Source: Okabe M, Ito K. Color universal design (2008), https://jfly.uni-koeln.de/color/.
"""

from __future__ import annotations

BLACK = "#000000"
GREY = "#767676"
SILVER = "#c4c4c4"
PALE = "#e6e6e6"
WHITE = "#ffffff"

ORANGE = "#e69f00"
SKY = "#56b4e9"
GREEN = "#009e73"
YELLOW = "#f0e442"
BLUE = "#0072b2"
VERMILION = "#d55e00"
PURPLE = "#cc79a7"

#: For groups, in the order of use.
SEQUENCE = (BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY, GREY, BLACK)
