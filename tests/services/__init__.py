"""Small loopback services of the shapes of Europe PMC, OpenAlex, Crossref, ClinicalTrials.gov and Unpaywall."""
