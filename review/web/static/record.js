// Drawing a record. Every text goes in as text, never as markup, so that whatever a title holds is shown and does nothing.

/** Make an element with text or children. */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) {
      element.setAttribute(key, "");
    } else if (value !== false && value !== undefined && value !== null) {
      element.setAttribute(key, value);
    }
  }
  element.append(...children);
  return element;
}

function toPattern(words) {
  const parts = words.map((word) => {
    const plain = word.trim().replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/\s+/g, "\\s+");
    return plain.endsWith("\\*") ? `${plain.slice(0, -2)}[\\p{L}\\p{N}]*` : plain;
  });
  return parts.filter(Boolean).join("|");
}

/** Make the function that marks words in a text: it returns nodes, with each word to include or avoid in a `mark`. */
export function makeMarker(wanted, unwanted) {
  const groups = [toPattern(wanted), toPattern(unwanted)];
  if (!groups.some(Boolean)) {
    return (text) => [document.createTextNode(text)];
  }
  const alternatives = groups.map((group) => `(${group || "(?!)"})`).join("|");
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])(?:${alternatives})(?![\\p{L}\\p{N}])`, "giu");
  return (text) => {
    const nodes = [];
    let end = 0;
    for (const match of text.matchAll(pattern)) {
      if (!match[0]) {
        continue;
      }
      const isWanted = match[1] !== undefined;
      nodes.push(text.slice(end, match.index));
      nodes.push(make("mark", { class: isWanted ? "wanted" : "unwanted", title: isWanted ? "a word to include" : "a word to avoid" }, match[0]));
      end = match.index + match[0].length;
    }
    nodes.push(text.slice(end));
    return nodes;
  };
}

const VERDICTS = {
  "title-abstract": { include: "included", exclude: "excluded", unsure: "maybe" },
  retrieval: { include: "full text at hand", exclude: "not retrieved", unsure: "not yet" },
  "full-text": { include: "included", exclude: "excluded", unsure: "maybe" },
};

/** Say a decision in words: `excluded (No calcinosis)`. */
export function sayDecision(stage, decision, labels) {
  const word = VERDICTS[stage][decision.decision] || decision.decision;
  return decision.reason ? `${word} (${labels.get(decision.reason) || decision.reason})` : word;
}

/** Draw the mark that says what was decided. */
export function drawDecision(stage, decision, labels) {
  return make("span", { class: `mine ${decision.decision}` }, sayDecision(stage, decision, labels));
}

function drawDetails(record, mark) {
  const list = make("dl", { class: "details" });
  const add = (name, ...nodes) => list.append(make("div", {}, make("dt", {}, name), make("dd", {}, ...nodes)));
  if (record.mesh.length) {
    add("MeSH", ...mark(record.mesh.join("; ")));
  }
  if (record.keywords.length) {
    add("Keywords", ...mark(record.keywords.join("; ")));
  }
  if (record.registrations.length) {
    add("Registration", record.registrations.join("; "));
  }
  if (record.links.length) {
    const links = record.links.flatMap((link, place) => [
      place ? " · " : "",
      make("a", { href: link.url, target: "_blank", rel: "noopener noreferrer" }, link.label),
    ]);
    add("Links", ...links);
  }
  add("Record", record.members.join(", "));
  return list;
}

/** Draw a record into its article. `extra` nodes stand above the title. */
export function drawRecord(article, record, stage, { mark, labels, extra = [] }) {
  const nodes = [...extra];
  if (record.retracted) {
    nodes.push(make("p", { class: "notice retracted" }, "Retracted"));
  }
  for (const notice of record.notices) {
    if (!(record.retracted && notice.kind === "Retracted" && !notice.text)) {
      nodes.push(make("p", { class: "notice" }, `${notice.kind}: ${notice.text}`));
    }
  }
  if (record.mine) {
    const note = record.mine.note ? ` Note: ${record.mine.note}` : "";
    nodes.push(make("p", {}, drawDecision(stage, record.mine, labels), note));
  }
  nodes.push(make("h1", { id: "title", tabindex: "-1" }, ...mark(record.title || "(no title)")));
  if (record.vernacular && record.vernacular !== record.title) {
    nodes.push(make("p", { class: "meta" }, record.vernacular));
  }
  const place = [record.journal, record.year, record.where].filter(Boolean).join(" · ");
  nodes.push(make("p", { class: "meta" }, record.authors || "(no authors)", make("br"), place));
  const tags = [...record.types, ...record.languages, ...(record.is_calibration ? ["calibration sample"] : [])];
  nodes.push(make("ul", { class: "tags", "aria-label": "Type" }, ...tags.map((tag) => make("li", {}, tag))));
  const abstract = make("div", { class: "abstract" });
  for (const section of record.sections) {
    const label = section.label ? [make("h2", {}, section.label)] : [];
    abstract.append(make("p", {}, ...label, ...mark(section.text)));
  }
  if (!record.sections.length) {
    abstract.append(make("p", { class: "missing" }, "This record has no abstract. Open it at its source (O), or include it so that the full text decides."));
  }
  nodes.push(abstract, drawDetails(record, mark));
  article.replaceChildren(...nodes);
}

/** Draw the votes of a conflict side by side. */
export function drawVotes(conflict, labels) {
  const votes = conflict.votes.map((vote) =>
    make(
      "section",
      { class: `vote ${vote.decision}` },
      make("h2", {}, vote.by),
      make("p", {}, sayDecision(conflict.stage, vote, labels)),
      make("p", { class: "meta" }, vote.note ? `“${vote.note}”` : "no note"),
      make("p", { class: "meta" }, vote.time.slice(0, 16).replace("T", " ")),
    ),
  );
  return make("div", { class: "votes", role: "group", "aria-label": `Votes at ${conflict.label}` }, ...votes);
}
