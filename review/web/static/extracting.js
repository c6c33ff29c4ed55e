// The flow of the form: reading the sheet, checking while one types, saving, and keeping what is not saved yet.

import { Refused, ask, base, post } from "./saving.js";
import { Reading } from "./reading.js";
import { drawEntry, showPath } from "./form.js";
import { make } from "./record.js";

const CHECK_AFTER = 400;
const find = (id) => document.getElementById(id);
const sheetName = document.querySelector('meta[name="sheet"]').content;
const kept = `review-form:${base}:${sheetName}`;
const tabs = new BroadcastChannel("review-form");
const reading = new Reading();

let sheet = null; // the sheet as the program read it
let entries = [];
let isSaving = false;
let loading = Promise.resolve(); // the reading of the sheet that is under way
let isBehind = false; // the file on disk is another than the one that was read
let last = null; // the control that quotes go to
let timer = 0;
let asked = 0;

// What was changed

/** Give the new entries that hold anything their places after those of the file. */
function placeEntries() {
  const counts = new Map();
  for (const entry of entries) {
    if (!entry.isNew) {
      continue;
    }
    const list = entry.section.path.join();
    if (!entry.isEmpty) {
      const number = counts.get(list) || 0;
      entry.place = entry.section.next + number;
      counts.set(list, number + 1);
    } else {
      entry.place = null;
    }
  }
}

function listControls() {
  return entries.flatMap((entry) => entry.controls);
}

/** Return what was changed, for the program. */
function collect() {
  placeEntries();
  return listControls()
    .filter((control) => control.isDirty)
    .map((control) => ({ section: control.entry.section.key, path: control.path, parts: control.parts }));
}

/** Return what was changed, so that it can be put into the form of a sheet that has changed: entries are known by their names. */
function carry(controls = listControls().filter((control) => control.isDirty)) {
  return controls.map((control) => {
    const { entry } = control;
    const twins = entries.filter((one) => one.section.key === entry.section.key && one.isNew === entry.isNew && one.savedTitle === entry.savedTitle);
    return {
      section: entry.section.key,
      isNew: entry.isNew,
      title: entry.isNew ? "" : entry.savedTitle,
      number: entry.isNew ? entries.filter((one) => one.section.key === entry.section.key && one.isNew).indexOf(entry) : twins.indexOf(entry),
      control: control.about.path,
      label: `${entry.section.label} ${entry.title} ${control.about.label}`,
      base: control.base,
      parts: control.parts,
    };
  });
}

/** Put changes that were carried over into the form. Returns those for which there is no place any more. */
function putBack(changes) {
  const lost = [];
  for (const change of changes) {
    const control = findControl(change);
    if (!control) {
      lost.push(change);
      continue;
    }
    for (const [part, text] of Object.entries(change.parts)) {
      control.set(part, text);
    }
    const differs = Object.keys(change.parts).some((part) => (change.base[part] || "") !== (control.base[part] || ""));
    control.disk = differs && control.isDirty ? say(control.base) : "";
    control.entry.drawTitle();
  }
  return lost;
}

function findControl(change) {
  const section = sheet.sections.find((one) => one.key === change.section);
  if (!section) {
    return null;
  }
  let candidates = entries.filter((entry) => entry.section.key === change.section && entry.isNew === change.isNew);
  if (!change.isNew) {
    candidates = candidates.filter((entry) => entry.savedTitle === change.title);
  }
  while (change.isNew && candidates.length <= change.number) {
    candidates.push(addEntry(section));
  }
  const entry = candidates[change.number];
  return entry?.controls.find((control) => control.about.path.join() === change.control.join() && control.fields.size) || null;
}

const say = (parts) => Object.values(parts).filter(Boolean).join(" · ") || "nothing";

// Keeping in the browser what is not saved

function keep() {
  const changes = carry();
  try {
    if (changes.length) {
      localStorage.setItem(kept, JSON.stringify({ sha256: sheet.sha256, time: new Date().toISOString(), changes }));
    } else {
      localStorage.removeItem(kept);
    }
  } catch {
    tellStatus("This browser keeps no input: save often.");
  }
}

function readKept() {
  try {
    const held = JSON.parse(localStorage.getItem(kept));
    return held && Array.isArray(held.changes) && held.changes.length ? held : null;
  } catch {
    return null;
  }
}

function forget() {
  try {
    localStorage.removeItem(kept);
  } catch {
    // A browser without storage has kept nothing.
  }
}

function offerKept() {
  const held = readKept();
  if (!held) {
    return;
  }
  const when = new Date(held.time).toLocaleString();
  const changed = held.sha256 === sheet.sha256 ? "" : " The file has changed since.";
  const back = make("button", { type: "button", id: "put-back" }, "Put it back");
  const drop = make("button", { type: "button" }, "Throw it away");
  back.addEventListener("click", () => {
    hideAlert();
    tellLost(putBack(held.changes));
    afterInput();
    find("form").focus();
  });
  drop.addEventListener("click", () => {
    hideAlert();
    forget();
    find("form").focus();
  });
  showAlert(`Input of ${when} was not saved (${held.changes.length} ${held.changes.length === 1 ? "value" : "values"}).${changed}`, back, drop);
}

// Telling

function tellStatus(text) {
  find("status").textContent = text;
}

function showAlert(text, ...nodes) {
  find("alert").replaceChildren(make("span", {}, text), ...nodes);
  find("alert").hidden = false;
}

function hideAlert() {
  find("alert").hidden = true;
}

function tellLost(lost) {
  if (lost.length) {
    const lines = lost.map((change) => make("li", {}, `${change.label}: ${say(change.parts)}`));
    showAlert("Some input has no place in the sheet as it is now. Copy what you need:", make("ul", {}, ...lines));
  }
}

function tellBehind(lines) {
  isBehind = true;
  const load = make("button", { type: "button", id: "load-anew" }, "Load the file, keep my input");
  load.addEventListener("click", () => reload(carry()));
  const nodes = [load];
  if (lines?.length) {
    const pre = make("pre", { tabindex: "0", hidden: true, "aria-label": "Differing lines" }, lines.join("\n"));
    const show = make("button", { type: "button", id: "show-lines", "aria-expanded": "false" }, "Show the differing lines");
    show.addEventListener("click", () => {
      pre.hidden = !pre.hidden;
      show.setAttribute("aria-expanded", String(!pre.hidden));
    });
    nodes.unshift(show);
    nodes.push(pre);
  }
  showAlert(`${sheetName} changed on disk since this page read it. Nothing was written; your input is still here.`, ...nodes);
}

function explain(error) {
  if (error instanceof Refused && error.status === 403) {
    return `${error.message} Your input is kept in this browser.`;
  }
  return error instanceof Refused ? error.message : `The program does not answer (${error.message}). Your input is kept in this browser.`;
}

/** Show findings beside what they are of; the rest stands above the form. */
function showJudged(judged) {
  placeEntries();
  const controls = new Map(listControls().filter((control) => control.entry.place !== null || !control.entry.isNew).map((control) => [showPath(control.path), control]));
  const tops = new Map(entries.filter((entry) => entry.section.repeats && entry.place !== null).map((entry) => [showPath(entry.path), entry]));
  const lines = new Map();
  const add = (holder, line) => lines.set(holder, [...(lines.get(holder) || []), line]);
  const above = [];
  for (const finding of judged.findings) {
    const line = toLine(finding);
    const holder = findHolder(finding.key, controls) || findHolder(finding.key, tops);
    if (holder) {
      add(holder, line);
    } else {
      above.push(line);
    }
  }
  for (const item of judged.refused) {
    const control = controls.get(item.key);
    if (control) {
      add(control, { kind: "unwritten", text: `Not written yet: ${item.message}.` });
    }
  }
  for (const control of listControls()) {
    const own = lines.get(control) || [];
    if (control.disk && control.isDirty) {
      own.push({ kind: "disk", text: `In the file now: ${control.disk}` });
    }
    control.tell(own);
    control.markQuote("");
  }
  for (const entry of entries) {
    entry.tell(lines.get(entry) || []);
  }
  for (const [key, state] of Object.entries(judged.quotes)) {
    const control = findHolder(key, controls);
    const holder = control?.isQuotable ? control : control?.entry.controls.find((one) => one.isQuotable);
    holder?.markQuote(state);
  }
  find("above").replaceChildren(...above.map((line) => make("p", { class: `told ${line.kind}`, title: line.title || false }, line.text)));
  tellCounts(judged);
}

function toLine(finding) {
  if (finding.code === "EXTRACT-045") {
    return { kind: "todo", text: "to be extracted" };
  }
  const hints = [finding.expected && `expected ${finding.expected}`, finding.hint].filter(Boolean).join("; ");
  const where = finding.line ? `line ${finding.line} of the sheet` : "";
  return { kind: finding.level, text: `${finding.code}: ${finding.message}${hints ? ` (${hints})` : ""}`, title: where };
}

function findHolder(key, holders) {
  for (let text = key; text; ) {
    if (holders.has(text)) {
      return holders.get(text);
    }
    const cut = Math.max(text.lastIndexOf("."), text.lastIndexOf("["));
    text = cut > 0 ? text.slice(0, cut) : "";
  }
  return null;
}

function tellCounts(judged) {
  const open = judged.findings.filter((finding) => finding.code === "EXTRACT-045").length;
  const others = judged.findings.length - open;
  const dirty = listControls().filter((control) => control.isDirty).length;
  const parts = [dirty ? `${dirty} unsaved` : "all saved"];
  if (open) {
    parts.push(`${open} to be extracted`);
  }
  parts.push(others === 1 ? "1 finding" : `${others} findings`);
  tellStatus(parts.join(" · "));
}

// Drawing

function addEntry(section) {
  const entry = drawEntry(section, null, null, sheet, afterInput);
  const box = document.querySelector(`[data-section="${CSS.escape(section.key)}"]`);
  box.querySelector(".add").before(entry.element);
  entries.push(entry);
  return entry;
}

function drawSection(section) {
  const box = make("section", { "data-section": section.key, id: `section-${section.key}`, "aria-labelledby": `title-${section.key}` });
  box.append(make("h2", { id: `title-${section.key}`, tabindex: "-1" }, section.label));
  if (section.hint) {
    box.append(make("p", { class: "hint" }, section.hint));
  }
  if (section.problem) {
    box.append(make("p", { class: "told warning" }, section.problem));
    return box;
  }
  for (const held of section.entries) {
    const entry = drawEntry(section, held.place, held.states, sheet, afterInput);
    entries.push(entry);
    box.append(entry.element);
  }
  if (section.repeats) {
    const add = make("button", { type: "button", class: "add" }, "Add an entry");
    add.setAttribute("aria-label", `Add to ${section.label}`);
    add.addEventListener("click", () => {
      const entry = addEntry(section);
      // Who appraises is who sits here, unless they say otherwise.
      entry.controls.find((control) => control.about.path.join() === "by")?.set("value", sheet.who);
      entry.controls[0].focus();
    });
    box.append(add);
  }
  return box;
}

function draw() {
  entries = [];
  const parts = sheet.sections.map(drawSection);
  const problem = sheet.problem ? [make("p", { class: "notice" }, `This sheet cannot be changed here: ${sheet.problem}`)] : [];
  find("form").replaceChildren(...problem, make("div", { id: "above", "aria-live": "polite" }), ...parts);
  find("sections").replaceChildren(
    ...sheet.sections.map((section) => {
      const link = make("a", { href: `#section-${section.key}` }, section.label);
      return link;
    }),
  );
}

/** Where the person is, so that a form that is drawn anew can go back there. */
function rememberPlace() {
  const field = document.activeElement;
  const control = field?.closest?.(".control")?.control;
  return { key: control && control.entry.place !== null ? showPath(control.path) : "", part: field?.dataset?.part, start: field?.selectionStart, scroll: window.scrollY };
}

function goBack(place) {
  window.scrollTo(0, place.scroll);
  const control = place.key && listControls().find((one) => showPath(one.path) === place.key);
  const field = control && control.fields.get(place.part);
  if (field) {
    field.focus({ preventScroll: true });
    if (typeof place.start === "number" && field.setSelectionRange) {
      field.setSelectionRange(place.start, place.start);
    }
    last = control;
  }
}

/** Read the sheet from disk and draw it, with these changes put back. Returns whether it could be read. */
function reload(changes = []) {
  loading = load(changes);
  return loading;
}

async function load(changes) {
  let read;
  try {
    read = await ask("sheet");
  } catch (error) {
    const again = make("button", { type: "button" }, "Load again");
    again.addEventListener("click", () => reload(changes));
    showAlert(explain(error) + (error.answer?.line ? ` (line ${error.answer.line})` : ""), again);
    return false;
  }
  const place = rememberPlace();
  placeEntries();
  sheet = read;
  isBehind = false;
  last = null;
  hideAlert();
  draw();
  const lost = putBack(changes);
  tellLost(lost);
  goBack(place);
  showJudged(read);
  find("save").disabled = !listControls().some((control) => control.isDirty);
  if (changes.length) {
    keep();
    check();
  }
  reading.offer(read.names);
  return true;
}

// Checking and saving

function afterInput(control) {
  control?.entry.drawTitle();
  control?.element.classList.toggle("dirty", control.isDirty);
  find("save").disabled = Boolean(sheet.problem) || !listControls().some((one) => one.isDirty);
  keep();
  clearTimeout(timer);
  timer = setTimeout(check, CHECK_AFTER);
}

async function check() {
  const number = (asked += 1);
  const changes = collect();
  try {
    const judged = await post("check", { sha256: sheet.sha256, changes });
    if (number !== asked || isSaving) {
      return;
    }
    showJudged(judged);
    if (!judged.current && !changes.length && !listControls().some((control) => control.isDirty)) {
      // Nothing of this person is at stake, so that the file as it is now can be shown.
      reload();
    } else if (!judged.current && !isBehind) {
      tellBehind();
    }
  } catch (error) {
    if (number === asked && !isSaving) {
      if (error instanceof Refused && error.status === 409) {
        tellBehind(error.answer.lines);
      } else {
        tellStatus(explain(error));
      }
    }
  }
}

async function save() {
  await loading;
  if (isSaving || !sheet || sheet.problem) {
    return;
  }
  const changes = collect();
  if (!changes.length) {
    tellStatus("Nothing to save.");
    return;
  }
  isSaving = true;
  asked += 1;
  clearTimeout(timer);
  find("save").disabled = true;
  tellStatus("Saving …");
  const sent = new Map(listControls().map((control) => [control, JSON.stringify(control.parts)]));
  try {
    const answer = await post("save", { sha256: sheet.sha256, changes });
    const refused = new Set(answer.refused.map((item) => item.key));
    await finishSave(sent, refused, changes.length - answer.refused.length);
    tabs.postMessage({ sheet: sheetName });
  } catch (error) {
    find("save").disabled = false;
    if (error instanceof Refused && error.status === 409) {
      tellStatus("Not saved.");
      tellBehind(error.answer.lines);
    } else {
      tellStatus(`Not saved. ${explain(error)}`);
    }
  } finally {
    isSaving = false;
  }
}

/** Draw the sheet as it is now; what was typed meanwhile or could not be written stays unsaved. */
async function finishSave(sent, refused, count) {
  const isRefused = (control) => refused.has(showPath(control.path));
  for (const entry of entries) {
    if (entry.isNew && entry.place !== null && entry.controls.some((control) => control.isDirty && !isRefused(control))) {
      entry.isNew = false;
    }
  }
  for (const entry of entries) {
    const control = entry.controls.find((one) => one.about.path.join() === entry.section.title);
    if (!entry.isNew && (!control || !isRefused(control))) {
      entry.savedTitle = control ? JSON.parse(sent.get(control) || JSON.stringify(control.parts)).value.replace(/\s+/g, " ").trim() : "";
    }
  }
  const left = listControls().filter((control) => control.isDirty && (isRefused(control) || sent.get(control) !== JSON.stringify(control.parts)));
  const changes = carry(left);
  forget();
  if (await reload(changes)) {
    const rest = refused.size ? ` ${refused.size} not written yet: see beside them.` : "";
    tellStatus(`Saved: ${count} ${count === 1 ? "value" : "values"}.${rest} ${find("status").textContent}`);
  }
}

// Quotes

async function quoteSelection(isAdded) {
  const taken = reading.takeSelection();
  if (!taken) {
    find("told").textContent = "Select some words of the report first.";
    return;
  }
  if (!last?.isQuotable) {
    find("told").textContent = "Go to the value that the words are the quote of first.";
    return;
  }
  const held = last.parts;
  last.set("words", isAdded && held.words.trim() ? `${held.words.trim()} ... ${taken.words}` : taken.words);
  last.set("record", taken.record);
  if (taken.place && !(isAdded && held.place)) {
    last.set("place", taken.place);
  }
  find("told").textContent = `Quoted for ${last.about.label}.`;
  last.fields.get("words").focus();
  afterInput(last);
}

async function showQuote() {
  const words = last?.parts.words?.trim();
  if (!words) {
    find("told").textContent = "This value has no quote.";
    return;
  }
  const isFound = await reading.showQuote(last.parts.record, words);
  find("told").textContent = isFound ? `Quote of ${last.about.label}.` : "The quote was not found in the texts at hand.";
}

function goNext() {
  const open = listControls().filter((control) => control.isOpen);
  if (!open.length) {
    tellStatus("Nothing is left to look at.");
    return;
  }
  const all = listControls();
  const from = all.indexOf(document.activeElement?.closest?.(".control")?.control);
  (open.find((control) => all.indexOf(control) > from) || open[0]).focus();
}

// Keys and events

const KEYS = {
  KeyQ: (event) => quoteSelection(event.shiftKey),
  KeyJ: showQuote,
  KeyN: goNext,
  KeyH: () => find("help").showModal(),
  KeyT: () => (find("reading").contains(document.activeElement) && last ? last.focus() : find("reading").focus()),
};

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "s") {
    event.preventDefault();
    save();
  } else if (event.altKey && !event.ctrlKey && !event.metaKey && KEYS[event.code]) {
    event.preventDefault();
    KEYS[event.code](event);
  }
});

document.addEventListener("focusin", (event) => {
  const control = event.target.closest?.(".control")?.control;
  if (control) {
    last = control;
  }
});

find("save").addEventListener("click", save);
find("next").addEventListener("click", goNext);
find("keys").addEventListener("click", () => find("help").showModal());
// The selection in the report would be lost with the focus.
find("quote").addEventListener("mousedown", (event) => event.preventDefault());
find("quote").addEventListener("click", () => quoteSelection(false));

function lookAgain() {
  if (sheet && !isSaving && !isBehind) {
    check();
  }
}

tabs.addEventListener("message", (event) => {
  if (event.data?.sheet === sheetName) {
    lookAgain();
  }
});
window.addEventListener("focus", lookAgain);

if (await reload()) {
  offerKept();
}
