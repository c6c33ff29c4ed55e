"""Codes of the POOL area."""

from __future__ import annotations

from review.catalogue.code import Code

CODES: tuple[Code, ...] = (
    Code(
        "POOL-150",
        "note",
        "no heterogeneity is estimated",
        "The maximum-likelihood estimate of the between-study variance is zero. With few small studies that is what one "
        "often gets when studies do differ, so the model's estimate equals the pooled counts while its profile interval "
        "still allows for differences.",
        "Report the profile-likelihood interval, not the Wald interval, and the upper limit of the variance.",
    ),
    Code(
        "POOL-151",
        "warning",
        "no finite estimate",
        "No patient, or every patient, had the event (in the whole or in a group of the model), so the likelihood rises "
        "for ever as the logit goes to infinity. Numbers that other packages print here are made by the half patient "
        "that they add.",
        "Report the count, the one-sided exact bound, and the bias-reduced (Firth) estimate by name.",
    ),
    Code(
        "POOL-152",
        "warning",
        "heterogeneity cannot be told",
        "Every study has one patient. Single outcomes of 0 or 1 do not tell differences between studies from chance "
        "within them; only the marginal proportion is estimated.",
        "Report the pooled counts with their exact interval, and say that heterogeneity could not be assessed.",
    ),
    Code(
        "POOL-153",
        "note",
        "one study is not pooled",
        "There is one study with patients, so that there is nothing to combine and no between-study variance.",
        "Report the study's own exact interval.",
    ),
    Code(
        "POOL-154",
        "warning",
        "open profile interval",
        "With a large between-study variance almost any median proportion is about as likely, so that a limit of the "
        "profile interval is where it is only because the standard deviation is held to 10 on the logit scale, where "
        "each study is as good as 0 or 1. Without that bound the interval would be wider, up to 0 to 1.",
        "Show the exact interval of the pooled counts, or a weakly informative Bayesian model, beside it.",
    ),
    Code(
        "POOL-155",
        "warning",
        "two studies only",
        "A random-effects model of two studies estimates a variance from two points; t-based intervals on one degree of "
        "freedom run from about 0 to 1, others cover too little.",
        "Show both studies and their pooled counts with the exact interval; use the model for what it is worth.",
    ),
    Code(
        "POOL-156",
        "warning",
        "unbounded heterogeneity",
        "The likelihood rises with the between-study variance without end: each study has no or all events, and both "
        "kinds occur. The mean of the distribution has no useful estimate.",
        "Describe the two kinds of study; look for what tells them apart; give no pooled proportion.",
    ),
    Code(
        "POOL-158",
        "note",
        "between-study variance without an upper limit",
        "The profile likelihood of the between-study variance never falls far enough to bound it.",
        "Say so where the variance is reported.",
    ),
)
