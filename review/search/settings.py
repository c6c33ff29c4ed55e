"""What a service's client must know from outside: addresses, keys, who asks. Read once at the edge, passed in from there."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from review.errors import UsageError

#: The name that every request carries.
TOOL = "review-toolkit"


class Service(NamedTuple):
    """Where a service is found and which environment variables replace that."""

    address: str
    address_variable: str
    key_variable: str = ""


SERVICES: Mapping[str, Service] = {
    "pubmed": Service("https://eutils.ncbi.nlm.nih.gov/entrez/eutils/", "REVIEW_EUTILS_URL", "NCBI_API_KEY"),
    "europepmc": Service("https://www.ebi.ac.uk/europepmc/webservices/rest/", "REVIEW_EUROPEPMC_URL"),
    "openalex": Service("https://api.openalex.org/", "REVIEW_OPENALEX_URL", "OPENALEX_API_KEY"),
    "crossref": Service("https://api.crossref.org/", "REVIEW_CROSSREF_URL"),
    "clinicaltrials-gov": Service("https://clinicaltrials.gov/api/v2/", "REVIEW_CTGOV_URL"),
    "unpaywall": Service("https://api.unpaywall.org/v2/", "REVIEW_UNPAYWALL_URL"),
}


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one service: `address` ends with a slash, `api_key` is empty where there is none.

    `cache_dir` holds the shared rate limit; None keeps it within the process.
    """

    address: str
    email: str
    api_key: str = field(default="", repr=False)
    tool: str = TOOL
    cache_dir: Path | None = None

    @property
    def host(self) -> str:
        """Host and port, which name the shared rate limit."""
        return urlsplit(self.address).netloc.rpartition("@")[2]


def read_settings(environment: Mapping[str, str], service: str, contact: str = "") -> Settings:
    """Read the settings of a service.

    Args:
        environment: The process's environment.
        service: A name of `SERVICES`.
        contact: The protocol's contact, used where REVIEW_EMAIL is not set.

    Raises:
        UsageError: If there is no e-mail address, or the address or the key cannot be one.
    """
    known = SERVICES[service]
    address = environment.get(known.address_variable, "").strip() or known.address
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise UsageError(f"{known.address_variable} is not an http(s) address")
    email = environment.get("REVIEW_EMAIL", "").strip() or contact.strip()
    if "@" not in email or any(char.isspace() for char in email):
        raise UsageError(
            "services want to know whom to write to before they block anyone: set REVIEW_EMAIL, or 'contact' in protocol.yaml"
        )
    key = environment.get(known.key_variable, "").strip() if known.key_variable else ""
    if not key.isascii() or not key.isprintable():
        raise UsageError(f"{known.key_variable} holds characters that no key has")
    return Settings(address.rstrip("/") + "/", email, key, cache_dir=_cache_dir(environment))


def _cache_dir(environment: Mapping[str, str]) -> Path:
    """Return the user's cache folder; a home that cannot be written is replaced by the folder for temporary files."""
    for variable, tail in (("XDG_CACHE_HOME", ()), ("LOCALAPPDATA", ()), ("HOME", (".cache",))):
        base = environment.get(variable, "")
        if base and Path(base).is_dir():
            folder = Path(base, *tail, "review-toolkit")
            try:
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            except OSError:
                continue
            return folder
    user = environment.get("USER") or environment.get("USERNAME") or "user"
    return Path(tempfile.gettempdir()) / f"review-toolkit-{''.join(c for c in user if c.isalnum())}"
