// Drawing a form from its description, and reading back what stands in it. Every text goes in as text, never as markup.

import { make } from "./record.js";

/** Name a path as findings do: `cases[0].age_years`. */
export function showPath(path) {
  return path.reduce((text, step) => (typeof step === "number" ? `${text}[${step}]` : text ? `${text}.${step}` : step), "");
}

const fold = (text) => text.replace(/\s+/g, " ").trim();
const foldLines = (text) => text.split("\n").map(fold).filter(Boolean).join("\n");

let counter = 0;

/** One control of an entry: its elements, what the sheet holds, and what stands in it now. */
export class Control {
  constructor(entry, about, state, sheet, onInput) {
    this.entry = entry;
    this.about = about;
    this.base = state.parts;
    this.blank = state.open ? sheet.to_do : "not in the sheet";
    this.fields = new Map();
    this.told = make("div", { "aria-live": "polite" });
    this.id = `c${(counter += 1)}`;
    this.sheet = sheet;
    this.onInput = onInput;
    this.element = this.draw(state.problem);
  }

  get path() {
    return [...this.entry.path, ...this.about.path];
  }

  /** Whether a quote can be put in. */
  get isQuotable() {
    return this.fields.has("words");
  }

  get parts() {
    const parts = {};
    for (const [part, field] of this.fields) {
      parts[part] = field.value;
    }
    return parts;
  }

  get isDirty() {
    const even = this.about.kind === "texts" ? foldLines : fold;
    return [...this.fields].some(([part, field]) => even(field.value) !== even(this.base[part] || ""));
  }

  get isEmpty() {
    return [...this.fields.values()].every((field) => !fold(field.value));
  }

  set(part, text) {
    const field = this.fields.get(part);
    if (!field) {
      return;
    }
    if (field.tagName === "SELECT" && ![...field.options].some((option) => option.value === text)) {
      // What the sheet holds is shown even where it is none of the choices.
      field.append(make("option", { value: text }, text));
    }
    field.value = text;
  }

  focus() {
    this.fields.values().next().value?.focus();
    this.element.scrollIntoView({ block: "nearest" });
  }

  draw(problem) {
    const { label, hint, kind } = this.about;
    const name = make("div", { class: "name" }, make("label", { for: `${this.id}-0` }, label));
    if (hint) {
      name.append(make("span", { class: "hint", id: `${this.id}-hint` }, hint));
    }
    const fields = make("div", { class: "fields" });
    if (problem) {
      fields.append(make("p", { class: "told warning" }, problem));
    } else if (kind === "cell" || kind === "count") {
      this.drawCell(fields);
    } else if (kind === "time") {
      this.drawTime(fields);
    } else if (kind === "source") {
      this.drawSource(fields);
    } else if (kind === "answer") {
      fields.append(make("div", { class: "row" }, this.makeSelect("answer", ["", ...this.about.choices], "answer", true)));
      fields.append(this.makeArea("reason", "reason"));
    } else if (kind === "numbers") {
      fields.append(make("div", { class: "row" }, this.makeInput("first", "lower"), "to", this.makeInput("last", "upper")));
    } else if (kind === "choice") {
      fields.append(make("div", { class: "row" }, this.makeSelect("value", ["", ...this.about.choices], "", true)));
    } else if (kind === "texts") {
      fields.append(this.makeArea("value", "", 2));
    } else {
      fields.append(make("div", { class: "row" }, this.makeInput("value", "")));
    }
    fields.append(this.told);
    const element = make("div", { class: "control" }, name, fields);
    element.addEventListener("input", () => this.onInput(this));
    for (const [part, field] of this.fields) {
      this.set(part, this.base[part] || "");
      field.dataset.part = part;
    }
    element.control = this;
    return element;
  }

  drawCell(fields) {
    const { type, choices, unit, units } = this.about;
    const { missing, operators } = this.sheet;
    const row = make("div", { class: "row" });
    if (type === "choice") {
      row.append(this.makeSelect("value", ["", ...choices, ...missing], "", true, this.blank));
    } else {
      const input = this.makeInput("value", "");
      input.placeholder = this.blank;
      if (type === "number" || type === "integer" || this.base.op) {
        row.append(this.makeSelect("op", ["", ...operators], "sign", false, "=", "sign"));
      }
      row.append(input);
      if (this.about.kind === "count") {
        row.append("in", this.makeInput("exposure", "exposure"));
      }
      row.append(...this.drawUnit(unit, units), this.drawMissing("value", ["op"]));
    }
    this.finishCell(fields, row, ["op", "unit"]);
  }

  drawTime(fields) {
    const { unit, units, choices } = this.about;
    const input = this.makeInput("time", "");
    input.placeholder = this.blank;
    const event = this.makeSelect("event", ["", "yes", "no", ...choices], "ended by the event", false, "event?");
    event.options[1].textContent = "event";
    event.options[2].textContent = "no event (censored)";
    const row = make("div", { class: "row" }, input, ...this.drawUnit(unit, units), event, this.drawMissing("time", ["event"]));
    this.finishCell(fields, row, ["unit"]);
  }

  finishCell(fields, row, parts) {
    for (const part of parts) {
      this.keep(part);
    }
    fields.append(row);
    this.drawSource(fields);
    fields.lastElementChild.append(this.makeInput("note", "note"));
  }

  drawUnit(unit, units) {
    return units.length ? [this.makeSelect("unit", ["", ...units], "unit", false, unit)] : unit ? [unit] : [];
  }

  /** A choice of the words for an absent value, which takes the place of the value and empties other parts. */
  drawMissing(part, others) {
    const word = make("select", { "aria-label": `${this.about.label}: or a word for its absence` });
    const options = this.sheet.missing.map((text) => make("option", { value: text }, text));
    word.append(make("option", { value: "" }, "or missing:"), ...options);
    word.addEventListener("change", () => {
      if (word.value) {
        this.set(part, word.value);
        others.forEach((other) => this.set(other, ""));
        word.value = "";
        this.onInput(this);
      }
    });
    return word;
  }

  /** Hold a part that has no field of its own, so that what the sheet holds is not taken for emptied. */
  keep(part) {
    if (!this.fields.has(part)) {
      this.fields.set(part, make("input", { type: "hidden" }));
    }
  }

  drawSource(fields) {
    const names = this.sheet.names.map((item) => item.name);
    this.mark = make("span", { class: "mark" });
    const select = this.makeSelect("record", ["", ...names], "record of the quote", false, "source");
    const place = this.makeInput("place", "place: page 3, Table 1");
    fields.append(make("div", { class: "quote" }, this.makeArea("words", "quote"), this.mark));
    fields.append(make("div", { class: "row source" }, select, place));
  }

  name(field, part, told) {
    const isFirst = !this.fields.size;
    field.id = `${this.id}-${this.fields.size}`;
    if (!isFirst) {
      field.setAttribute("aria-label", `${this.about.label}: ${told || part}`);
    }
    if (isFirst && this.about.hint) {
      field.setAttribute("aria-describedby", `${this.id}-hint`);
    }
    if (told) {
      field.placeholder = told;
    }
    this.fields.set(part, field);
    return field;
  }

  makeInput(part, told) {
    return this.name(make("input", { type: "text", autocomplete: "off", spellcheck: "false" }), part, told);
  }

  makeArea(part, told, rows = 1) {
    return this.name(make("textarea", { rows, spellcheck: "false" }), part, told);
  }

  makeSelect(part, choices, told, isWide, blank = "", kind = "") {
    const select = make("select", { class: isWide ? "wide" : kind });
    select.append(...choices.map((choice) => make("option", { value: choice }, choice || blank)));
    return this.name(select, part, told);
  }

  /** Show what the checks say here. */
  tell(lines) {
    this.told.replaceChildren(...lines.map((line) => make("p", { class: `told ${line.kind}`, title: line.title || false }, line.text)));
    this.isWrong = lines.some((line) => line.kind === "error" || line.kind === "warning" || line.kind === "unwritten");
    this.isOpen = this.isWrong || lines.some((line) => line.kind === "todo");
    this.element.classList.toggle("wrong", this.isWrong);
    this.element.classList.toggle("dirty", this.isDirty);
    for (const field of this.fields.values()) {
      field.toggleAttribute("aria-invalid", false);
    }
    if (this.isWrong) {
      this.fields.values().next().value?.setAttribute("aria-invalid", "true");
    }
  }

  /** Show where the quote stands. */
  markQuote(state) {
    if (this.mark) {
      const words = { found: "✓ in the text", missing: "✗ not in the text", unread: "no text to look in" };
      this.mark.className = `mark ${state || ""}`;
      this.mark.textContent = words[state] || "";
    }
  }
}

/** One entry of a section: a case, a count. `place` is where it stands in its list, null for a section without a list. */
export class Entry {
  constructor(section, place, isNew) {
    this.section = section;
    this.place = place;
    this.isNew = isNew;
    this.controls = [];
    this.told = make("div", { "aria-live": "polite" });
  }

  get path() {
    return this.section.repeats ? [...this.section.path, this.place] : this.section.path;
  }

  /** What the entry is known by. */
  get title() {
    const control = this.controls.find((one) => one.about.path.join() === this.section.title);
    return control ? control.parts.value : "";
  }

  get isEmpty() {
    return this.controls.every((control) => control.isEmpty);
  }

  tell(lines) {
    this.told.replaceChildren(...lines.map((line) => make("p", { class: `told ${line.kind}`, title: line.title || false }, line.text)));
  }
}

/** Draw an entry with the state of each of its controls; none stands for blanks. */
export function drawEntry(section, place, states, sheet, onInput) {
  const entry = new Entry(section, place, states === null);
  const box = make("fieldset", { class: "entry" });
  const legend = make("legend", {});
  box.append(legend, entry.told);
  let group = "";
  section.controls.forEach((about, number) => {
    const blank = { parts: Object.fromEntries(about.parts.map((part) => [part, ""])), problem: "", open: false };
    const control = new Control(entry, about, states ? states[number] : blank, sheet, onInput);
    if (about.group !== group) {
      group = about.group;
      box.append(make("h3", {}, group));
    }
    entry.controls.push(control);
    box.append(control.element);
  });
  entry.savedTitle = entry.title;
  entry.drawTitle = () => {
    legend.textContent = section.repeats ? `${entry.title || "(new)"}${entry.isNew ? ", not in the file yet" : ""}` : section.label;
    legend.classList.toggle("unseen", !section.repeats);
  };
  entry.drawTitle();
  entry.element = box;
  return entry;
}
