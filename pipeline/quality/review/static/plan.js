// The plan at hand: values by path, changes with undo, a queue of what is not saved yet.
//
// A change is a list of edits {op: set|insert|remove, path, value, was, size}. `was` and `size` say what the edit expects
// to find, so that it cannot hit another place when somebody else has changed the document.

import { Refusal } from "./api.js";

export const same = (one, other) => JSON.stringify(one ?? null) === JSON.stringify(other ?? null);
const copy = (value) => (value === undefined ? null : JSON.parse(JSON.stringify(value)));
const RETRY = 3000;

export class Plan extends EventTarget {
  constructor(api, payload) {
    super();
    this.api = api;
    this.done = [];
    this.undone = [];
    this.tail = Promise.resolve();
    this.storage = `kehoach:${api.base}`;
    this.queue = [];
    this.take(payload);
    this.document = payload.document;
  }

  /** What the server tells with every answer. */
  take(answer) {
    this.etag = answer.etag;
    this.status = answer.status;
    this.doubts = answer.doubts;
    this.confirmed = new Set(answer.confirmed);
    if (this.document) {
      for (const part of ["units", "deadlines", "warnings"]) this.document[part] = answer[part];
    }
  }

  get(path) {
    let value = this.document;
    for (const step of path) value = value?.[step];
    return value;
  }

  tell(type, detail = {}) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  setting(path, value) {
    return { op: "set", path, value: copy(value), was: copy(this.get(path)) };
  }

  inserting(path, value) {
    return { op: "insert", path, value: copy(value), size: this.get(path.slice(0, -1)).length };
  }

  removing(path) {
    return { op: "remove", path, was: copy(this.get(path)) };
  }

  /** Whether the contract allows what `make()` gives at its turn; the refusal when it does not. Nothing is changed. */
  check(make) {
    return this.inTurn(async () => {
      const edits = make().edits ?? [];
      if (!edits.length || this.queue.length) return null;
      try {
        await this.api.ask("/check", { edits });
      } catch (refusal) {
        if (refusal.status === 422) return refusal;
      }
      return null;
    });
  }

  /** Make `edits` and save them. Resolves to null, or to the refusal. */
  change(edits, settled = [], { quiet = false } = {}) {
    return this.inTurn(async () => {
      const refusal = await this.send(edits, settled);
      if (!refusal) {
        this.done.push(edits);
        this.undone = [];
        this.tell("changed", { edits, quiet });
      }
      return refusal;
    });
  }

  inTurn(act) {
    const result = this.tail.then(act);
    this.tail = result.catch(() => null);
    return result;
  }

  async send(edits, settled = []) {
    if (this.queue.length) return this.keepForLater(edits, settled);
    this.tell("saving");
    try {
      const answer = await this.api.ask("/edits", { edits, settled }, this.etag);
      this.apply(edits);
      this.take(answer);
      this.tell("saved");
      return null;
    } catch (refusal) {
      if (!(refusal instanceof Refusal)) throw refusal;
      if (refusal.status === 0) return this.keepForLater(edits, settled);
      this.tell("saved");
      if (refusal.status === 412 || refusal.status === 409) this.tell("conflict", { batches: [{ edits, settled }] });
      else if (refusal.status === 401) this.tell("over");
      return refusal;
    }
  }

  /** The server is away: the change counts here, is kept in the browser, and is sent as soon as it can be. */
  keepForLater(edits, settled) {
    this.apply(edits);
    this.queue.push({ edits, settled });
    this.remember();
    this.tell("unsaved");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), RETRY);
    return null;
  }

  remember() {
    if (this.queue.length) localStorage.setItem(this.storage, JSON.stringify(this.queue));
    else localStorage.removeItem(this.storage);
  }

  /** What an earlier visit could not save. */
  leftovers() {
    try {
      return JSON.parse(localStorage.getItem(this.storage) ?? "[]");
    } catch {
      return [];
    }
  }

  flush() {
    return this.inTurn(async () => {
      while (this.queue.length) {
        const { edits, settled } = this.queue[0];
        try {
          this.take(await this.api.ask("/edits", { edits, settled }, this.etag));
        } catch (refusal) {
          if (refusal.status === 0) {
            this.timer = setTimeout(() => this.flush(), RETRY);
            return;
          }
          const batches = this.queue.splice(0);
          this.tell("conflict", { batches });
          return;
        }
        this.queue.shift();
        this.remember();
      }
      this.tell("saved");
      this.tell("changed", { edits: [] });
    });
  }

  /** The document as the server has it, then `batches` on top. Resolves to the edits that no longer fit. */
  reload(batches = []) {
    return this.inTurn(async () => {
      const payload = await this.api.ask("");
      this.document = payload.document;
      this.take(payload);
      this.done = [];
      this.undone = [];
      const lost = [];
      for (const { edits, settled } of batches) {
        try {
          const answer = await this.api.ask("/edits", { edits, settled }, this.etag);
          this.apply(edits);
          this.take(answer);
          this.done.push(edits);
        } catch {
          lost.push(...edits);
        }
      }
      this.queue = [];
      this.remember();
      this.tell("saved");
      this.tell("reloaded");
      return lost;
    });
  }

  apply(edits) {
    for (const { op, path, value } of edits) {
      const holder = this.get(path.slice(0, -1));
      const last = path.at(-1);
      if (op === "set") holder[last] = copy(value);
      else if (op === "insert") holder.splice(last, 0, copy(value));
      else holder.splice(last, 1);
    }
  }

  undo() {
    return this.step(this.done, this.undone);
  }

  redo() {
    return this.step(this.undone, this.done);
  }

  step(from, to) {
    return this.inTurn(async () => {
      const edits = from.pop();
      if (!edits) return null;
      const back = inverse(edits);
      const refusal = await this.send(back);
      if (refusal) from.push(edits);
      else {
        to.push(back);
        this.tell("changed", { edits: back });
      }
      return refusal;
    });
  }

  async confirm(key, right) {
    this.take(await this.api.ask("/confirmations", { key, right }));
    this.tell("confirmed", { key });
  }

  /** Doubtful values that nobody has looked at. */
  left() {
    return this.doubts.filter((doubt) => !this.confirmed.has(doubt.key));
  }
}

/** Edits that take `edits` back. */
export function inverse(edits) {
  return edits
    .map(({ op, path, value, was }) => {
      if (op === "set") return { op, path, value: was, was: value };
      if (op === "insert") return { op: "remove", path, was: value };
      return { op: "insert", path, value: was };
    })
    .reverse();
}
