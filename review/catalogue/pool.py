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
    Code(
        "POOL-100",
        "error",
        "column twice",
        "Two columns of a table of counts have the same name, so that one would hide the other.",
        "Rename or remove one of them.",
    ),
    Code(
        "POOL-101",
        "error",
        "no rows",
        "The table has a header, or nothing at all, but no study.",
        "Add one line per study.",
    ),
    Code(
        "POOL-102",
        "error",
        "blank count",
        "A study, its events or its total is blank. A blank is not zero: nothing was counted, or nothing was written down.",
        "Write the number; leave the study out of the table if the report does not give it.",
    ),
    Code(
        "POOL-103",
        "error",
        "not a whole number",
        "Events and totals count patients. A fraction or a percentage is something else, and rounding it would invent data.",
        "Write the count that the report gives.",
    ),
    Code(
        "POOL-104",
        "error",
        "negative count",
        "A count of patients cannot be below zero.",
        "Write the count that the report gives.",
    ),
    Code(
        "POOL-105",
        "error",
        "more events than patients",
        "The events of a study exceed its total.",
        "Look the two numbers up again; perhaps events were counted, not patients with an event.",
    ),
    Code(
        "POOL-106",
        "error",
        "study twice",
        "Two rows have the same study. Pooling both would count the same patients twice.",
        "Remove one, or give them names that tell them apart if their patients are different.",
    ),
    Code(
        "POOL-107",
        "warning",
        "study without patients",
        "The total is zero: the study says nothing about the proportion and is left out.",
        "Check the total; remove the row if it is right.",
    ),
    Code(
        "POOL-109",
        "warning",
        "blank moderator",
        "A study has no value for a moderator. It takes part in the pooled result, but not in analyses by that moderator.",
        "Write the value, or the word unclear as a level of its own.",
    ),
    Code(
        "POOL-110",
        "warning",
        "half patients added",
        "Logarithms and logits of 0 % and 100 % do not exist, so a part of a patient was added to both cells of such studies. "
        "The result then depends on what was added; with single cases it is mostly made of it.",
        "Lead with a model of the counts: the GLMM or the beta-binomial with profile intervals, or the Bayesian model.",
    ),
    Code(
        "POOL-111",
        "warning",
        "inverse variance for single cases",
        "A study of one or two patients has no usable variance of its own. Intervals of inverse-variance models that pool such "
        "studies on the logit cover the truth in 0 to 90 % of cases instead of 95 %.",
        "Lead with a model of the counts.",
    ),
    Code(
        "POOL-112",
        "warning",
        "no finite estimate on this scale",
        "No patient, or every patient, had the event. The pooled value is made by what was added to empty cells.",
        "Give the count with the exact one-sided bound, and the bias-reduced value.",
    ),
    Code(
        "POOL-113",
        "error",
        "studies without a variance",
        "With this measure and this rule for empty cells some studies have no value, or a variance of zero, and cannot be "
        "weighted.",
        "Choose another measure, or another rule for empty cells; a model of the counts needs neither.",
    ),
    Code(
        "POOL-114",
        "warning",
        "double arcsine without a total",
        "The way back from Freeman and Tukey's scale to a proportion needs a total. The pooled result has none; different means "
        "of the studies' totals give different proportions.",
        "Use a model of the counts; or report which total was used.",
    ),
    Code(
        "POOL-121",
        "warning",
        "no degrees of freedom",
        "The model has as many coefficients as studies: it fits them exactly, and heterogeneity cannot be estimated.",
        "Use fewer moderators.",
    ),
    Code(
        "POOL-123",
        "note",
        "tau2 is zero",
        "The between-study variance was estimated as zero, so the random-effects result equals the common-effect one. With few "
        "or tiny studies zero is a frequent estimate even where studies differ much.",
        "Show the interval of tau2 beside it.",
    ),
    Code(
        "POOL-124",
        "note",
        "interval of tau2 is empty",
        "The studies agree better than chance would make them, so the Q-profile method leaves no value of tau2; 0 to 0 is "
        "printed by convention. Halves added to empty cells make studies look alike.",
        "Do not read it as proof of homogeneity; look at a model of the counts.",
    ),
    Code(
        "POOL-125",
        "warning",
        "Hartung-Knapp narrower than usual",
        "Hartung and Knapp's variance came out smaller than that of the normal method. With few studies its interval can then be "
        "far too narrow.",
        "Use the ad hoc variant.",
    ),
    Code(
        "POOL-126",
        "warning",
        "interval without width",
        "All estimates are equal, which makes Hartung and Knapp's standard error zero.",
        "Use the ad hoc variant or the normal method.",
    ),
    Code(
        "POOL-127",
        "note",
        "no prediction interval",
        "One or two studies cannot tell where a further study would lie.",
        "Show the studies themselves.",
    ),
    Code(
        "POOL-130",
        "warning",
        "small-study test below ten studies",
        "Tests for small-study effects have next to no power below ten studies, and single studies decide what they say.",
        "Do not report them; compare case reports with series instead.",
    ),
    Code(
        "POOL-131",
        "warning",
        "small-study method impossible",
        "The studies do not differ in what the method needs, or are too few for it.",
        "Leave it out, and say why.",
    ),
    Code(
        "POOL-132",
        "warning",
        "funnel of a proportion",
        "The variance of a raw, log or logit proportion depends on the proportion. Tests that use it find asymmetry that has "
        "nothing to do with unpublished studies.",
        "Use Peters' test (predictor inverse-total).",
    ),
    Code(
        "POOL-133",
        "note",
        "trim and fill",
        "Trim and fill assumes that a symmetric funnel is the truth and invents the studies that would make it so.",
        "Never lead with it.",
    ),
    Code(
        "POOL-134",
        "warning",
        "case reports do better than series",
        "The pooled proportion of case reports is far above that of case series. Successes are printed as single cases more "
        "readily than failures, so the pooled result may be too high.",
        "Show the result without the case reports beside the one with them.",
    ),
    Code(
        "POOL-135",
        "note",
        "nothing to contrast",
        "Case reports can only be compared with series where there are both.",
        "Nothing needs mending.",
    ),
    Code(
        "POOL-140",
        "warning",
        "few studies per moderator",
        "A meta-regression of fewer than ten studies per moderator finds differences that are not there.",
        "Use the permutation test, and call it exploratory.",
    ),
    Code(
        "POOL-141",
        "note",
        "permutations drawn at random",
        "There are too many arrangements to look at all, so a random sample stands for them.",
        "Draw more if a p value is near a limit that matters.",
    ),
    Code(
        "POOL-142",
        "warning",
        "group of one study",
        "A group of one study has no between-study variance of its own, so its interval leaves differences between studies out.",
        "Let the groups share one tau2.",
    ),
    Code(
        "POOL-165",
        "warning",
        "the prior decides",
        "Under another weakly informative prior the median proportion, or an end of its interval, differs by more than "
        "five per cent points: the data are too few to overrule the prior.",
        "Show the table of priors beside the result, and say which prior was planned.",
    ),
    Code(
        "POOL-159",
        "note",
        "no exact test of homogeneity",
        "The exact test of the table of studies has to go through more tables than is feasible.",
        "Use the likelihood-ratio Q or Pearson's test; with tables this large they are accurate.",
    ),
    Code(
        "POOL-160",
        "warning",
        "studies in no group",
        "A study has no value in the column that the studies are grouped by; it is in the overall result and in no group.",
        "Fill in the column, or say in the text which studies are missing from the groups.",
    ),
    Code(
        "POOL-167",
        "note",
        "coverage was sampled",
        "The study sizes allow too many outcomes to list them all, so that outcomes were drawn and weighted by their "
        "probability under each truth; the figures have a sampling error, which is stated.",
        "Read the figures with that error; they are the same at every run with the same seed.",
    ),
    Code(
        "POOL-157",
        "warning",
        "too few events for the model",
        "There are fewer than five patients with the rarer outcome for each coefficient, or a covariate separates those who "
        "responded from those who did not, so that maximum likelihood is biased away from no effect or infinite.",
        "Report the bias-reduced (Firth) odds ratios with their penalised profile intervals, and fewer covariates.",
    ),
    Code(
        "POOL-161",
        "warning",
        "patients left out",
        "Patients whose response or covariate is not known are not in this analysis.",
        "Say how many; look at best and worst case bounds; ask the authors.",
    ),
    Code(
        "POOL-162",
        "warning",
        "outcomes are missing",
        "The outcome of some patients is not known. The proportion among the others is that of the whole only if outcomes "
        "are missing at random.",
        "Report available cases with the best and worst case bounds.",
    ),
    Code(
        "POOL-163",
        "note",
        "no response during follow-up",
        "No patient responded during follow-up, so that there is no curve of the time to response.",
        "Report the number of patients and their follow-up, with the exact upper bound of the proportion.",
    ),
)
