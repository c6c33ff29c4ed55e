// Changes on their way to the log: one after the other, each until the program says that it is on disk.

const token = document.querySelector('meta[name="token"]').content;

/** Where the page is served: empty at the root of its address. */
export const base = document.querySelector('meta[name="base"]').content;

/** An answer that says no: the change cannot be made, and asking again would not help. */
export class Refused extends Error {
  constructor(status, answer) {
    super(answer.error || "the program refused");
    this.status = status;
    this.answer = answer;
  }
}

async function readAnswer(response) {
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    return { error: text.trim() };
  }
}

/** Ask for something that changes nothing. */
export async function ask(path, parameters = {}) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    for (const one of [value].flat()) {
      query.append(name, one);
    }
  }
  const response = await fetch(`${base}/api/${path}?${query}`, { cache: "no-store" });
  const answer = await readAnswer(response);
  if (!response.ok) {
    throw new Refused(response.status, answer);
  }
  return answer;
}

/** Send something; what fails for now is an `Error`, what is refused is `Refused`. */
export async function post(path, body) {
  const response = await fetch(`${base}/api/${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Review-Token": token },
    body: JSON.stringify(body),
  });
  const answer = await readAnswer(response);
  if (response.status >= 500) {
    throw new Error(answer.error);
  }
  if (!response.ok) {
    throw new Refused(response.status, answer);
  }
  return answer;
}

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * A queue of changes. `onState` is told how many wait and why the first one could not be saved (empty if nothing is wrong).
 *
 * A change has a number of its own, so that the program writes it once even if its answer is lost and the page asks again.
 */
export class Saving {
  constructor(onState) {
    this.onState = onState;
    this.changes = [];
    this.problem = "";
    this.isWorking = false;
    window.addEventListener("beforeunload", (event) => {
      if (this.changes.length) {
        event.preventDefault();
      }
    });
  }

  get size() {
    return this.changes.length;
  }

  /** Add a change; `makeBody` is called when its turn comes, `done` and `failed` with the answer or the refusal. */
  add(path, label, makeBody, done, failed) {
    this.changes.push({ path, label, makeBody, done, failed, nonce: crypto.randomUUID() });
    this.onState();
    this.work();
  }

  async work() {
    if (this.isWorking) {
      return;
    }
    this.isWorking = true;
    let tries = 0;
    while (this.changes.length) {
      const change = this.changes[0];
      try {
        const answer = await post(change.path, { ...change.makeBody(), nonce: change.nonce });
        this.settle(() => change.done(answer));
        tries = 0;
      } catch (error) {
        if (error instanceof Refused && error.status !== 403) {
          this.settle(() => change.failed(error));
          continue;
        }
        // A program that was started anew does not know this page any more; only the person can open the new one.
        this.problem = error instanceof Refused ? error.message : `the program does not answer (${error.message})`;
        this.onState();
        tries += 1;
        await pause(Math.min(500 * 2 ** tries, 8000));
      }
    }
    this.isWorking = false;
  }

  settle(tell) {
    this.changes.shift();
    this.problem = "";
    tell();
    this.onState();
  }
}
