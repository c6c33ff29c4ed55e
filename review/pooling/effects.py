"""Effect sizes of a proportion: five scales, their sampling variances, and the way back.

PR is the proportion itself, PLN its logarithm, PLO its logit, PAS the arcsine of its square root, PFT Freeman and Tukey's
double arcsine. The names, formulas and defaults are those of metafor's `escalc`, so that results can be compared.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


def invert_freeman_tukey(angle: ArrayLike, total: ArrayLike) -> Floats:
    """Turn a double arcsine back into a proportion, given the total that it is meant for.

    The result depends on `total`, and angles below that of 0/total or above that of total/total become 0 and 1: the reason
    why the scale is never the default here (Schwarzer et al. 2019, Res Synth Methods 10:476-483).

    Source: Miller 1978, Am Stat 32:138.
    """
    import numpy as np

    t, n = np.broadcast_arrays(np.asarray(angle, dtype=float), np.asarray(total, dtype=float))
    lowest = np.arcsin(np.sqrt(1 / (n + 1))) / 2
    highest = (np.arcsin(np.sqrt(n / (n + 1))) + np.pi / 2) / 2
    inside = np.clip(t, lowest, highest)
    sine = np.sin(2 * inside)
    root = np.sqrt(np.maximum(1 - (sine + (sine - 1 / sine) / n) ** 2, 0))
    p = (1 - np.sign(np.cos(2 * inside)) * root) / 2
    return np.where(t <= lowest, 0.0, np.where(t >= highest, 1.0, p))
