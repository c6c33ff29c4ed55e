"""Weakly informative priors for the mean logit and the between-study standard deviation, by name.

A name is `<tau>_<mu>`: `HN1` half-normal with scale 1, `HC0.5` half-Cauchy with scale 0.5, both on tau; `N0_1.5` normal with
mean 0 and standard deviation 1.5, `flat` the improper uniform, both on the mean logit. `HN1_N0_1.5` is the default:
normal(0, 1.5) on the logit is close to uniform on the proportion, and half-normal(1) puts half of its mass below 0.67,
where studies differ by about a factor of two in their odds, without shutting out more.

Source: for priors on tau, Roever et al. 2021, Res Synth Methods 12: 448-474 (doi 10.1002/jrsm.1475).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from review.errors import PoolError

Array = NDArray[np.float64]

_NAME = re.compile(
    r"(?P<family>HN|HC)(?P<scale>\d+(?:\.\d+)?)_(?:N(?P<mean>-?\d+(?:\.\d+)?)_(?P<sd>\d+(?:\.\d+)?)|flat)"
)

DEFAULT = "HN1_N0_1.5"

#: What the sensitivity table shows: the default, tighter and wider on tau, wider on the mean.
SENSITIVITY = ("HN1_N0_1.5", "HN0.5_N0_1.5", "HN2_N0_1.5", "HC0.5_N0_1.5", "HN1_N0_2.5", "HN1_N0_10")


@dataclass(frozen=True, slots=True)
class Prior:
    """A prior for (mu, tau), independent of each other; `mu_sd` is None for the flat one."""

    tau_family: Literal["HN", "HC"]
    tau_scale: float
    mu_mean: float = 0.0
    mu_sd: float | None = None

    @property
    def name(self) -> str:
        """The name that `parse_prior` reads."""
        mu = "flat" if self.mu_sd is None else f"N{self.mu_mean:g}_{self.mu_sd:g}"
        return f"{self.tau_family}{self.tau_scale:g}_{mu}"

    def log_tau(self, tau: Array) -> Array:
        """Log density of tau, tau >= 0."""
        r = tau / self.tau_scale
        if self.tau_family == "HN":
            return np.asarray(0.5 * np.log(2 / np.pi) - np.log(self.tau_scale) - 0.5 * r * r)
        return np.asarray(np.log(2 / np.pi) - np.log(self.tau_scale) - np.log1p(r * r))

    def log_mu(self, mu: Array) -> Array:
        """Log density of the mean logit; 0 for the flat prior."""
        if self.mu_sd is None:
            return np.zeros_like(mu)
        z = (mu - self.mu_mean) / self.mu_sd
        return np.asarray(-0.5 * z * z - np.log(self.mu_sd) - 0.5 * np.log(2 * np.pi))


def parse_prior(name: str) -> Prior:
    """Read a prior's name.

    Raises:
        PoolError: If the name is none, or a scale is zero.
    """
    match = _NAME.fullmatch(name)
    if match is None:
        raise PoolError(f"no prior is called {name!r}; expected a name like HN1_N0_1.5, HC0.5_N0_2.5 or HN1_flat")
    family: Literal["HN", "HC"] = "HN" if match["family"] == "HN" else "HC"
    scale = float(match["scale"])
    mean, sd = (0.0, None) if match["sd"] is None else (float(match["mean"]), float(match["sd"]))
    if scale == 0 or sd == 0:
        raise PoolError(f"the prior {name!r} has a scale of zero; a fixed value is not a prior")
    return Prior(family, scale, mean, sd)
