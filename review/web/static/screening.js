// The flow of the page: which record is shown, what the keys do, what the person is told.

import { Saving, ask, base } from "./saving.js";
import { drawDecision, drawRecord, drawVotes, make, makeMarker, sayDecision } from "./record.js";

const STAGES = ["title-abstract", "retrieval", "full-text"];
const AHEAD = 8;
const LABELS = { retrieval: { include: "At hand", exclude: "Not retrieved", unsure: "Not yet" } };
const PLAIN = { include: "Include", exclude: "Exclude", unsure: "Maybe" };

const find = (id) => document.getElementById(id);
const article = find("record");
const noteField = find("note");
const tabs = new BroadcastChannel("review-screening");

let view = STAGES[0]; // a stage, or "conflicts"
let stage = STAGES[0]; // the stage of what is shown
let start = null;
let ahead = []; // records to come
let trail = []; // records shown
let at = -1; // which of them is shown
let decided = []; // records decided on here, for undo
let notes = new Map(); // notes not yet kept
let conflicts = [];
let maySettle = false;
let loading = null;
let isOverPdf = false;
let lastKey = "";
let slow = 0; // the timer that says that saving takes long
let saves = 0; // changes saved here, so that a count asked for before one of them is not shown after it
let isCut = false; // whether the last records that were asked for did not come
let mark = (text) => [text];
let labels = new Map();

const saving = new Saving(showSaving);

// Telling

function tell(text) {
  find("status").textContent = text;
}

function alarm(...nodes) {
  const box = find("alert");
  box.replaceChildren(...nodes);
  box.hidden = nodes.length === 0;
}

function showSaving() {
  if (saving.problem) {
    const waiting = saving.changes.map((change) => change.label).slice(0, 5);
    alarm(
      make("span", {}, `Not saved: ${saving.problem}. ${saving.size} ${saving.size === 1 ? "decision waits" : "decisions wait"} in this window; keep it open.`),
      make("span", {}, waiting.join(" · ")),
    );
    tell("Not on disk yet.");
  } else if (find("alert").dataset.kind !== "conflict") {
    alarm();
    if (isCut && at >= trail.length) {
      forward();
    }
  }
  clearTimeout(slow);
  if (saving.size && !saving.problem) {
    // What was saved before says nothing of this one. Most are saved before "Saving" is worth saying, to the eye and to a screen reader.
    tell("");
    slow = setTimeout(() => tell(`Saving ${saving.size === 1 ? "" : saving.size + " decisions "}…`), 400);
  }
}

function showTally(tally) {
  if (tally.stage !== view) {
    return;
  }
  const done = tally.total - tally.left;
  const bar = find("bar");
  bar.max = Math.max(tally.total, 1);
  bar.value = done;
  const left = `${tally.left.toLocaleString("en")} left`;
  find("counts").textContent = `${done.toLocaleString("en")} of ${tally.total.toLocaleString("en")} · ${tally.include} in, ${tally.exclude} out, ${tally.unsure} maybe`;
  find("pace").textContent =
    tally.pace && tally.left ? `${left} · ${tally.pace.toFixed(tally.pace < 10 ? 1 : 0)} per minute · ${sayTime(tally.left / tally.pace)}` : left;
  for (const item of start.stages) {
    if (item.key === tally.stage) {
      item.left = tally.left;
    }
  }
  const others = Object.entries(tally.others).map(([who, count]) => `${who} ${count.toLocaleString("en")}`);
  find("counts").title = others.length ? `Votes of others: ${others.join(", ")}` : "";
  drawStages(tally.conflicts);
}

function sayTime(minutes) {
  return minutes < 90 ? `about ${Math.max(1, Math.round(minutes))} min` : `about ${Math.round(minutes / 60)} h`;
}

function drawStages(count) {
  const items = [...start.stages.map((item) => [item.key, item.label, item.left]), ["conflicts", "Conflicts", count]];
  const held = document.activeElement?.dataset?.view;
  find("stages").replaceChildren(
    ...items.map(([key, label, left]) =>
      make("button", { type: "button", "data-view": key, "aria-current": key === view ? "page" : false }, `${label} `, make("span", { class: "left" }, left.toLocaleString("en"))),
    ),
  );
  if (held) {
    document.querySelector(`[data-view="${held}"]`)?.focus();
  }
}

// Showing

const current = () => (view === "conflicts" ? conflicts[at]?.record : trail[at]);

function show() {
  const record = current();
  const main = document.querySelector("main");
  main.querySelector(".pdf")?.remove();
  main.classList.remove("has-pdf");
  find("reasons").classList.remove("asked");
  noteField.value = record ? (notes.get(record.record) ?? record.mine?.note ?? "") : "";
  drawReasons();
  for (const button of document.querySelectorAll("[data-action]")) {
    const verdict = button.dataset.action;
    if (PLAIN[verdict]) {
      button.querySelector("span").textContent = (LABELS[stage] || PLAIN)[verdict];
      button.disabled = !record || (view === "conflicts" && (!maySettle || conflicts[at].own));
      button.setAttribute("aria-pressed", String(record?.mine?.decision === verdict));
    }
  }
  if (!record) {
    showEnd();
    return;
  }
  const extra = view === "conflicts" ? [drawConflictHead(), drawVotes(conflicts[at], labels)] : [];
  drawRecord(article, record, stage, { mark, labels, extra });
  if (record.pdf) {
    main.classList.add("has-pdf");
    article.after(drawPdf(record));
  } else if (stage !== "title-abstract") {
    article.prepend(make("p", { class: "notice" }, `No full text in ${start.pdfs}. Put it there as ${fileName(record)}, then load the page again.`));
  }
  isOverPdf = false;
  window.scrollTo(0, 0);
  const focused = document.activeElement;
  if (focused === document.body || article.contains(focused) || focused === article) {
    find("title").focus({ preventScroll: true });
  }
}

/** Draw the frame with the full text. The keys go to it only while the mouse is over it, or after Tab. */
function drawPdf(record) {
  const frame = make("iframe", { class: "pdf", title: "Full text", src: `${base}/pdf?record=${encodeURIComponent(record.record)}#navpanes=0&view=FitH` });
  frame.addEventListener("mouseenter", () => {
    isOverPdf = true;
  });
  frame.addEventListener("mouseleave", () => {
    isOverPdf = false;
    takeKeysBack();
  });
  return frame;
}

/** Browsers give the focus to a PDF when it has loaded; keys would do nothing then. */
function takeKeysBack() {
  if (document.activeElement?.tagName === "IFRAME" && !isOverPdf && lastKey !== "Tab") {
    const asked = document.querySelector("#reasons.asked button");
    (asked || find("title") || article).focus({ preventScroll: true });
  }
}

function fileName(record) {
  return `${record.record.toLowerCase().replace(/[^0-9a-z]+/g, "-").replace(/^-|-$/g, "")}.pdf`;
}

function drawConflictHead() {
  const { label, own } = conflicts[at];
  const place = `Conflict ${at + 1} of ${conflicts.length} · ${label}`;
  const hint = own
    ? "One person decided differently on two records that are one report; that person must undo one of the two decisions."
    : maySettle
      ? "Your decision settles it."
      : "The protocol names others who settle conflicts.";
  return make("p", { class: "meta" }, `${place}. ${hint}`);
}

function drawReasons() {
  const reasons = start ? start.reasons[stage] : [];
  find("reasons-box").hidden = reasons.length === 0;
  find("reasons").replaceChildren(
    ...reasons.map((reason, place) =>
      make(
        "li",
        {},
        make("button", { type: "button", "data-reason": reason.code, "aria-keyshortcuts": place < 9 ? String(place + 1) : false }, make("kbd", {}, place < 9 ? String(place + 1) : "·"), make("span", {}, reason.label)),
      ),
    ),
  );
}

function showEnd() {
  if (isCut && view !== "conflicts") {
    article.replaceChildren(
      make("h1", { id: "title", tabindex: "-1" }, "The next records cannot be read"),
      make("p", { class: "meta" }, "The program does not answer. Forward (J) tries again."),
    );
    return;
  }
  const text = {
    conflicts: "No conflict waits.",
    "title-abstract": "All titles and abstracts are decided on.",
    retrieval: "No full text waits to be retrieved.",
    "full-text": "No full text waits for you.",
  }[view];
  const hint = view === "conflicts" ? "Conflicts appear here once every vote that a record needs is given." : "Look at your decisions with /, or go to the next stage.";
  article.replaceChildren(make("h1", { id: "title", tabindex: "-1" }, text), make("p", { class: "meta" }, hint));
}

// Moving

async function fill() {
  if (loading || view === "conflicts") {
    return loading;
  }
  const asked = view;
  const open = trail.filter((record) => !record.mine).map((record) => record.record);
  const passed = [...ahead.map((record) => record.record), ...open.slice(-150), ...saving.changes.map((change) => change.record).filter(Boolean)];
  const before = saves;
  loading = ask("next", { stage: asked, count: AHEAD, passed })
    .then((answer) => {
      isCut = false;
      if (asked === view) {
        ahead.push(...answer.records);
        if (!saving.size && saves === before) {
          showTally(answer.tally);
        }
      }
    })
    .catch((error) => {
      isCut = true;
      // What could not be saved weighs more, and is told by `showSaving`.
      if (!saving.size) {
        alarm(make("span", {}, `No more records can be read: ${error.message}.`));
      }
    })
    .finally(() => {
      loading = null;
    });
  return loading;
}

async function forward() {
  if (view === "conflicts") {
    at = Math.min(at + 1, conflicts.length - 1);
    show();
    return;
  }
  if (at < trail.length - 1) {
    at += 1;
    show();
    return;
  }
  if (!ahead.length) {
    await fill();
  }
  if (ahead.length) {
    trail.push(ahead.shift());
    at = trail.length - 1;
  } else if (isCut) {
    at = trail.length;
  } else {
    // Nothing new: records that were passed over come again.
    const open = trail.findIndex((record) => !record.mine);
    at = open >= 0 ? open : trail.length;
  }
  show();
  if (ahead.length < AHEAD / 2) {
    fill();
  }
}

function back() {
  if (at > 0) {
    at -= 1;
    show();
  } else {
    tell("This is the first record of this session; / finds earlier ones.");
  }
}

async function load(next) {
  view = next;
  ahead = [];
  trail = [];
  at = -1;
  loading = null;
  isCut = false;
  alarm();
  tell("");
  closeList();
  try {
    start = await ask("start", { stage: view === "conflicts" ? stage : view });
    labels = new Map(Object.values(start.reasons).flat().map((reason) => [reason.code, reason.label]));
    mark = makeMarker(start.wanted, start.unwanted);
    drawAside();
    drawStages(start.tally.conflicts);
    if (view === "conflicts") {
      await loadConflicts();
    } else {
      stage = view;
      showTally(start.tally);
      await fill();
      await forward();
    }
  } catch (error) {
    alarm(make("span", {}, `The program does not answer: ${error.message}`));
  }
}

async function loadConflicts(place = 0) {
  const answer = await ask("conflicts");
  conflicts = answer.conflicts;
  maySettle = answer.may_settle;
  at = conflicts.length ? Math.min(Math.max(place, 0), conflicts.length - 1) : -1;
  stage = conflicts[at]?.stage || stage;
  find("bar").value = 0;
  find("counts").textContent = `${conflicts.length} to settle`;
  find("pace").textContent = "";
  drawStages(conflicts.length);
  show();
}

function drawAside() {
  find("question").textContent = start.question;
  find("criteria").replaceChildren(
    ...start.criteria.flatMap((criterion) => [make("dt", {}, criterion.name), ...criterion.texts.map((text) => make("dd", {}, text))]),
  );
  const words = [...start.wanted.map((word) => ["wanted", word]), ...start.unwanted.map((word) => ["unwanted", word])];
  find("words-box").hidden = words.length === 0;
  find("words").replaceChildren(...words.flatMap(([kind, word]) => [make("mark", { class: kind }, word), " "]));
  noteField.maxLength = start.note_limit;
}

// Deciding

function decide(verdict, reason = "") {
  const record = current();
  if (!record) {
    return;
  }
  if (view === "conflicts") {
    settle(verdict, reason);
    return;
  }
  if (verdict === "exclude" && stage === "full-text" && !reason) {
    askReason();
    return;
  }
  const where = stage;
  const note = noteField.value;
  const before = record.mine;
  const mine = { by: start.who, decision: verdict, reason, note, time: "" };
  const words = `${sayDecision(where, mine, labels)}: ${shorten(record.title)}`;
  record.mine = mine;
  notes.delete(record.record);
  decided.push(record);
  saving.add(
    "decide",
    words,
    () => ({ stage: where, record: record.record, decision: verdict, reason, note, known: record.known ?? before?.time ?? "" }),
    (answer) => {
      record.known = answer.mine.time;
      mine.time = answer.mine.time;
      tell(`Saved: ${words}`);
      saves += 1;
      showTally(answer.tally);
      tabs.postMessage({ stage: where, record: record.record, mine: answer.mine });
    },
    (error) => refuse(record, words, error),
  );
  saving.changes.at(-1).record = record.record;
  forward();
}

function askReason() {
  if (!start.reasons[stage].length) {
    tell("The protocol has no reasons for this stage; add them under reasons: first.");
    return;
  }
  find("reasons").classList.add("asked");
  find("reasons").querySelector("button").focus();
  tell("Choose a reason: 1 to 9, or one of the buttons.");
}

function refuse(record, words, error) {
  record.mine = error.answer.current || null;
  record.known = record.mine?.time ?? "";
  decided = decided.filter((other) => other !== record);
  const look = make("button", { type: "button" }, "Look at it");
  look.addEventListener("click", () => {
    find("alert").dataset.kind = "";
    alarm();
    open(record);
  });
  find("alert").dataset.kind = "conflict";
  alarm(make("span", {}, `Not saved: ${words}; ${error.message}.`), look);
  tell("One decision was not saved.");
}

function undo() {
  if (view === "conflicts") {
    saving.add("unsettle", "undo of a settlement", () => ({}), () => {
      tell("Undone: the last settlement.");
      loadConflicts(at);
    }, (error) => tell(`Nothing undone: ${error.message}.`));
    return;
  }
  const where = stage;
  const record = decided.pop();
  if (record) {
    record.mine = null;
    open(record);
  }
  saving.add(
    "undo",
    "undo",
    () => ({ stage: where }),
    (answer) => {
      if (record?.record === answer.record.record) {
        record.known = "";
      } else if (view === where) {
        answer.record.known = "";
        open(answer.record);
      }
      notes.set(answer.record.record, answer.undone.note);
      if (current()?.record === answer.record.record && !noteField.value) {
        noteField.value = answer.undone.note;
      }
      tell(`Undone: ${sayDecision(where, answer.undone, labels)}: ${shorten(answer.record.title)}`);
      saves += 1;
      showTally(answer.tally);
      tabs.postMessage({ stage: where, record: answer.record.record, mine: null });
    },
    (error) => tell(`Nothing undone: ${error.message}.`),
  );
}

function settle(verdict, reason) {
  const conflict = conflicts[at];
  if (!maySettle || conflict.own) {
    return;
  }
  if (verdict === "exclude" && stage === "full-text" && !reason) {
    askReason();
    return;
  }
  const place = at;
  const words = `settled as ${sayDecision(conflict.stage, { decision: verdict, reason }, labels)}: ${shorten(conflict.record.title)}`;
  const body = { stage: conflict.stage, record: conflict.record.record, decision: verdict, reason, note: noteField.value, settles: conflict.settles };
  saving.add(
    "settle",
    words,
    () => body,
    async () => {
      await loadConflicts(place);
      tell(`Saved: ${words}`);
    },
    async (error) => {
      await loadConflicts(place);
      tell(`Not saved: ${error.message}.`);
    },
  );
}

const shorten = (text) => (text.length > 80 ? `${text.slice(0, 79)}…` : text);

/** Show a record out of turn. */
function open(record) {
  closeList();
  const place = trail.findIndex((other) => other.record === record.record);
  if (place >= 0) {
    trail[place] = record;
    at = place;
  } else {
    at = Math.max(at, 0);
    trail.splice(at, 0, record);
  }
  ahead = ahead.filter((other) => other.record !== record.record);
  show();
}

function openLink() {
  const record = current();
  const url = record?.pdf ? `${base}/pdf?record=${encodeURIComponent(record.record)}` : record?.links[0]?.url;
  if (url) {
    window.open(url, "_blank", "noopener,noreferrer");
    tell(`Opened ${record.pdf ? "the full text" : record.links[0].label}.`);
  } else {
    tell("This record has no full text here, no DOI and no PubMed id.");
  }
}

// Lists

function openList() {
  if (view === "conflicts") {
    return;
  }
  find("list").hidden = false;
  article.hidden = true;
  find("search").focus();
  find("search").select();
  fillList();
}

function closeList() {
  find("list").hidden = true;
  article.hidden = false;
}

let listAsked = 0;

async function fillList() {
  listAsked += 1;
  const asked = listAsked;
  const answer = await ask("list", { stage, kind: find("kind").value, q: find("search").value }).catch((error) => ({ lines: [], total: 0, error }));
  if (asked !== listAsked) {
    return;
  }
  const shown = answer.lines.length < answer.total ? `, the first ${answer.lines.length} are shown` : "";
  find("list-count").textContent = answer.error ? `The list cannot be read: ${answer.error.message}.` : `${answer.total.toLocaleString("en")} records${shown}`;
  find("lines").replaceChildren(
    ...answer.lines.map((line) =>
      make(
        "li",
        {},
        make("button", { type: "button", "data-record": line.record }, make("span", { class: "year" }, String(line.year ?? "n.d.")), make("span", {}, line.title || line.record), line.mine ? drawDecision(stage, line.mine, labels) : ""),
      ),
    ),
  );
}

// Keys and clicks

const ACTIONS = {
  include: () => decide("include"),
  exclude: () => decide("exclude"),
  unsure: () => decide("unsure"),
  undo,
  back,
  forward,
  search: openList,
  open: openLink,
  help: () => find("help").showModal(),
};

const KEYS = {
  i: "include", e: "exclude", m: "unsure", u: "undo", k: "back", j: "forward", o: "open", "/": "search", "?": "help",
  arrowleft: "back", arrowright: "forward", arrowup: "back", arrowdown: "forward",
};

function isTyping(target) {
  return target instanceof HTMLElement && (target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName));
}

window.addEventListener("blur", () => setTimeout(takeKeysBack));

document.addEventListener("keydown", (event) => {
  lastKey = event.key;
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || find("help").open) {
    return;
  }
  if (event.key === "Escape" || (event.key === "Enter" && event.target === noteField)) {
    if (!find("list").hidden) {
      closeList();
    }
    (find("title") || article).focus();
    event.preventDefault();
    return;
  }
  if (isTyping(event.target) || !start) {
    return;
  }
  const isArrow = event.key.startsWith("Arrow");
  // Up and down scroll a long abstract first.
  if ((event.key === "ArrowDown" || event.key === "ArrowUp") && canScroll(event.key === "ArrowDown")) {
    return;
  }
  if (!find("keys-on").checked && !isArrow && event.key !== "?") {
    return;
  }
  const key = nameKey(event);
  const isListed = !find("list").hidden;
  if (key === "n" && !isListed) {
    noteField.focus();
  } else if (/^[1-9]$/.test(key) && !isListed) {
    const reason = start.reasons[stage][Number(key) - 1];
    if (reason && !event.repeat) {
      decide("exclude", reason.code);
    }
  } else if (KEYS[key] && (!isListed || key === "?")) {
    // A key that is held down decides on one record only.
    if (!event.repeat || isArrow) {
      ACTIONS[KEYS[key]]();
    }
  } else {
    return;
  }
  event.preventDefault();
});

/** Name a key by its letter or digit; on a keyboard that types neither there (Cyrillic, AZERTY), by its place. */
function nameKey(event) {
  const digit = !event.shiftKey && /^Digit([1-9])$/.exec(event.code);
  if (digit) {
    return digit[1];
  }
  const letter = event.key.length === 1 && event.key > "\u007f" && /^Key([A-Z])$/.exec(event.code);
  return letter ? letter[1].toLowerCase() : event.key.toLowerCase();
}

function canScroll(isDown) {
  const page = document.scrollingElement;
  return isDown ? page.scrollTop + page.clientHeight < page.scrollHeight - 1 : page.scrollTop > 0;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button || !start) {
    return;
  }
  if (button.dataset.action) {
    // Behind the list nobody sees which record would be decided on.
    if (find("list").hidden || ["search", "help"].includes(button.dataset.action)) {
      ACTIONS[button.dataset.action]();
    } else {
      closeList();
    }
  } else if (button.dataset.reason) {
    decide("exclude", button.dataset.reason);
  } else if (button.dataset.view) {
    load(button.dataset.view);
  } else if (button.dataset.record) {
    ask("record", { stage, record: button.dataset.record }).then(open, (error) => tell(`It cannot be shown: ${error.message}.`));
  }
});

noteField.addEventListener("input", () => {
  const record = current();
  if (record) {
    notes.set(record.record, noteField.value);
  }
});
find("search").addEventListener("input", fillList);
find("kind").addEventListener("change", fillList);
find("list-close").addEventListener("click", closeList);
find("keys-on").checked = localStorage.getItem("keys") !== "off";
find("keys-on").addEventListener("change", (event) => localStorage.setItem("keys", event.target.checked ? "on" : "off"));

// Another window of the same person decided on something.
tabs.addEventListener("message", ({ data }) => {
  ahead = ahead.filter((record) => record.record !== data.record);
  const record = trail.find((other) => other.record === data.record);
  if (record && data.stage === stage && view !== "conflicts") {
    record.mine = data.mine;
    record.known = data.mine?.time ?? "";
    if (record === current()) {
      show();
      tell("This record was decided on in another window.");
    }
  }
});

document.addEventListener("visibilitychange", async () => {
  if (!document.hidden && start && !saving.size && view !== "conflicts") {
    const before = saves;
    const fresh = await ask("start", { stage: view }).catch(() => null);
    if (fresh && saves === before) {
      start = fresh;
      showTally(fresh.tally);
    }
  }
});

load(view);
