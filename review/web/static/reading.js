// The report at the side: its entry, its text, its PDF; selections become quotes, quotes are shown where they stand.

import { Refused, ask, base } from "./saving.js";
import { make } from "./record.js";

const find = (id) => document.getElementById(id);

/** Put a text into an element sentence by sentence, so that keys can select them. */
function drawSentences(text) {
  return text.split(/(?<=[.!?;:])\s+(?=\S)/u).flatMap((sentence) => [make("span", { class: "sentence" }, sentence), " "]);
}

export class Reading {
  constructor() {
    this.area = find("reading");
    this.view = "entry";
    this.texts = new Map();
    this.page = 1;
    find("record").addEventListener("change", () => this.show());
    for (const button of find("views").children) {
      button.addEventListener("click", () => this.show(button.dataset.view));
    }
    this.area.addEventListener("keydown", (event) => {
      if (!event.ctrlKey && !event.altKey && !event.metaKey && (event.key === "n" || event.key === "p")) {
        event.preventDefault();
        this.selectSentence(event.key === "n" ? 1 : -1);
      }
    });
  }

  /** What the sheet calls the report that is shown. */
  get name() {
    return find("record").value;
  }

  get record() {
    return this.names.find((item) => item.name === this.name)?.record || "";
  }

  /** Offer these reports; the one shown stays. */
  async offer(names) {
    const held = this.name;
    this.names = names;
    find("record").replaceChildren(
      ...names.map((item) => make("option", { value: item.name, title: item.title || false }, item.title ? `${item.name}: ${item.title.slice(0, 80)}` : item.name)),
    );
    if (names.some((item) => item.name === held)) {
      find("record").value = held;
    }
    await this.show();
  }

  async read() {
    const record = this.record;
    if (!this.texts.has(record)) {
      try {
        this.texts.set(record, await ask("texts", { record }));
      } catch (error) {
        if (!(error instanceof Refused)) {
          throw error;
        }
        return { problem: error.message };
      }
    }
    return this.texts.get(record);
  }

  async show(view = this.view) {
    this.view = view;
    this.sentence = -1;
    const name = this.name;
    let texts;
    try {
      texts = name ? await this.read() : { problem: "The sheet names no report." };
    } catch {
      texts = { problem: "The program does not answer." };
    }
    if (name !== this.name || view !== this.view) {
      return;
    }
    for (const button of find("views").children) {
      button.setAttribute("aria-pressed", String(button.dataset.view === view));
    }
    this.area.classList.toggle("frame", view === "pdf" && Boolean(texts.pdf));
    if (texts.problem) {
      this.area.replaceChildren(make("p", {}, texts.problem));
    } else if (view === "pdf") {
      this.drawPdf(texts);
    } else if (view === "full") {
      this.drawFull(texts);
    } else {
      this.drawEntry(texts.entry);
    }
  }

  drawEntry(entry) {
    const nodes = [make("h2", { "data-place": "title" }, ...drawSentences(entry.title || "(no title)"))];
    const meta = [entry.authors, entry.journal, entry.year, entry.where].filter(Boolean).join(" · ");
    nodes.push(make("p", { class: "meta" }, meta));
    if (entry.retracted) {
      nodes.push(make("p", { class: "notice retracted" }, "Retracted"));
    }
    for (const section of entry.sections) {
      const label = section.label ? [make("h3", {}, section.label)] : [];
      nodes.push(...label, make("p", { "data-place": "abstract" }, ...drawSentences(section.text)));
    }
    if (!entry.sections.length) {
      nodes.push(make("p", { class: "hint" }, "The entry has no abstract."));
    }
    for (const [label, place, words] of [["MeSH", "MeSH", entry.mesh], ["Keywords", "keywords", entry.keywords]]) {
      if (words.length) {
        nodes.push(make("h3", {}, label), make("p", { "data-place": place }, words.join("; ")));
      }
    }
    this.area.replaceChildren(...nodes);
  }

  drawFull(texts) {
    const nodes = texts.full.flatMap((full) => [
      make("h2", {}, full.name),
      ...(full.problem ? [make("p", { class: "told warning" }, full.problem)] : []),
      ...full.pages.map((text, number) =>
        make(
          "section",
          { class: "page", "data-page": String(number + 1), "data-place": full.pages.length > 1 || full.name.endsWith(".pdf") ? `page ${number + 1}` : "" },
          make("h3", {}, full.pages.length > 1 ? `Page ${number + 1}` : ""),
          make("p", {}, ...drawSentences(text)),
        ),
      ),
    ]);
    this.area.replaceChildren(...(nodes.length ? nodes : [make("p", {}, "There is no full text of this report in the folder.")]));
  }

  drawPdf(texts) {
    if (!texts.pdf) {
      this.area.replaceChildren(make("p", {}, "There is no PDF of this report in the folder."));
      return;
    }
    const query = new URLSearchParams({ record: this.record });
    this.area.replaceChildren(make("iframe", { title: "PDF of the report", src: `${base}/pdf?${query}#navpanes=0&page=${this.page}` }));
  }

  /** Return what is selected in the report, with the place it is from; null for nothing. */
  takeSelection() {
    const selection = document.getSelection();
    const text = selection.toString().replace(/\s+/g, " ").trim();
    if (!text || !this.area.contains(selection.anchorNode)) {
      return null;
    }
    const holder = selection.anchorNode.nodeType === Node.TEXT_NODE ? selection.anchorNode.parentElement : selection.anchorNode;
    return { words: text, record: this.name, place: holder.closest("[data-place]")?.dataset.place || "" };
  }

  selectSentence(step) {
    const sentences = [...this.area.querySelectorAll(".sentence")];
    if (!sentences.length) {
      return;
    }
    this.sentence = Math.min(Math.max((this.sentence ?? -1) + step, 0), sentences.length - 1);
    const range = document.createRange();
    range.selectNodeContents(sentences[this.sentence]);
    const selection = document.getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
    sentences[this.sentence].scrollIntoView({ block: "nearest" });
  }

  /** Show a quote where it stands: in the entry, else in the full text. Returns whether it was found. */
  async showQuote(name, words) {
    if (this.names.some((item) => item.name === name)) {
      find("record").value = name;
    }
    for (const view of this.view === "full" ? ["full", "entry"] : ["entry", "full"]) {
      await this.show(view);
      const page = this.markWords(words);
      if (page !== null) {
        this.page = page || 1;
        return true;
      }
    }
    return false;
  }

  markWords(words) {
    const parts = words.split(/\s*(?:\.{3,}|…)\s*/u).map((part) => [...part.normalize("NFKC")].filter((letter) => /[\p{L}\p{N}]/u.test(letter)).slice(0, 400)).filter((part) => part.length);
    if (!parts.length) {
      return null;
    }
    const between = "[^\\p{L}\\p{N}]*";
    const pattern = new RegExp(parts.map((part) => part.join(between)).join("[\\s\\S]*?"), "iu");
    for (const holder of this.area.querySelectorAll("[data-place]")) {
      const match = pattern.exec(holder.textContent);
      if (match) {
        this.markRange(holder, match.index, match.index + match[0].length);
        return Number(holder.dataset.page || 0);
      }
    }
    return null;
  }

  markRange(holder, start, end) {
    const walker = document.createTreeWalker(holder, NodeFilter.SHOW_TEXT);
    const pieces = [];
    let place = 0;
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const from = Math.max(start - place, 0);
      const to = Math.min(end - place, node.length);
      if (from < to) {
        pieces.push([node, from, to]);
      }
      place += node.length;
    }
    const marks = pieces.map(([node, from, to]) => {
      const range = document.createRange();
      range.setStart(node, from);
      range.setEnd(node, to);
      const mark = make("mark");
      range.surroundContents(mark);
      return mark;
    });
    marks[0]?.scrollIntoView({ block: "center" });
  }
}
