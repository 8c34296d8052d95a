// The fields on the right: parts as tabs, their items as cards, the walk through what is doubtful.

import { cardPaths, heading, specsOf, summary } from "./cards.js";
import { byId, h, visible } from "./dom.js";
import { deadline, editorAt, field, form } from "./editors.js";
import { entriesOf, partOf } from "./entries.js";
import { grid } from "./grid.js";
import { addition, merging, mergingText, renaming, splitting, splittingText } from "./items.js";
import { readingPanel } from "./reading.js";
import { kindOf } from "./specs.js";
import { unitsPart, deadlinesPart } from "./registers.js";
import { BLANK } from "./specs.js";
import { t } from "./words.js";

const PARTS = ["doubts", "header", "sections", "objectives", "tasks", "responsibilities", "deadlines", "tables", "units", "closing"];
const AT_ONCE = 60;
const join = (path) => path.join(".");

export class Fields {
  constructor(plan, paper) {
    this.plan = plan;
    this.paper = paper;
    this.part = "doubts";
    this.open = null;
    this.current = null;
    this.root = byId("part");
    this.tabs = byId("parts");
    this.ctx = this.context();
    this.more = new IntersectionObserver((seen) => seen.some((each) => each.isIntersecting) && this.showMore(), { root: byId("fields"), rootMargin: "400px" });
    plan.addEventListener("changed", ({ detail }) => this.refresh(detail));
    plan.addEventListener("reloaded", () => this.refresh({}));
    plan.addEventListener("confirmed", () => this.refresh({ quiet: true }));
    this.tabs.addEventListener("keydown", (event) => this.tabKey(event));
    this.root.addEventListener("focusin", (event) => this.lightField(event.target));
    this.index();
    this.show(plan.left().length ? "doubts" : "header");
  }

  /** What editors may ask and do. */
  context() {
    const { plan } = this;
    const make = async (edits, settled = []) => edits && edits.length && this.tellRefusal(await plan.change(edits, settled));
    return {
      plan,
      make,
      settled: (path) => plan.doubts.filter((doubt) => settles(path, doubt.path)).map((doubt) => doubt.key),
      keyOf: (path) => this.byPath.get(join(path))?.key,
      known: (name) => plan.document.units.find((unit) => unit.name === name || unit.aliases.includes(name)),
      insert: (path, value) => make([plan.inserting(path, value)]),
      remove: (path) => make([plan.removing(path)], plan.doubts.filter((d) => join(d.path).startsWith(join(path))).map((d) => d.key)),
      leave: (input) => {
        const card = input.closest(".card");
        input.blur();
        card?.querySelector(".summary")?.focus({ preventScroll: true });
      },
      splitText: (path, input) => make(splittingText(plan, path, input.selectionStart)),
      mergeText: (path) => make(mergingText(plan, path)),
      draftDeadline: (path) => this.draftDeadline(path),
      rename: (unit, changes) => make(renaming(plan, unit, changes)),
      select: (key) => this.select(key),
      grid,
      duties: (ctx, path) => this.duties(path),
    };
  }

  tellRefusal(refusal) {
    if (refusal && refusal.status === 422) this.plan.tell("told", { text: `${t("invalid")} ${refusal.faults[0]?.message ?? refusal.message}` });
    return refusal;
  }

  /** Entries by key and path, boxes on the pages, names of units to choose from. */
  index() {
    const entries = entriesOf(this.plan.document);
    this.byKey = new Map(entries.map((entry) => [entry.key, entry]));
    this.byPath = new Map(entries.map((entry) => [join(entry.path), entry]));
    const doubted = new Set(this.plan.doubts.map((doubt) => doubt.key));
    const state = (key) => (!doubted.has(key) ? "plain" : this.plan.confirmed.has(key) ? "seen" : "doubt");
    this.paper.setEntries(entries, state);
    byId("unit-names").replaceChildren(...this.plan.document.units.map((unit) => h("option", { value: unit.name })));
    this.showTabs();
  }

  showTabs() {
    const { document } = this.plan;
    const counts = {
      doubts: this.plan.left().length, objectives: document.objectives.length, tasks: document.tasks.length,
      responsibilities: document.responsibilities.length, deadlines: document.deadlines.length, tables: document.tables.length, units: document.units.length,
    };
    const tabs = PARTS.map((part, n) => {
      const chosen = part === this.part;
      const count = counts[part] === undefined ? null : h("span", { class: "number" }, String(counts[part]));
      const props = { role: "tab", id: `tab-${part}`, "aria-selected": String(chosen), "aria-controls": "part", tabindex: chosen ? 0 : -1, type: "button", "data-part": part };
      return h("button", { ...props, "aria-keyshortcuts": String((n + 1) % 10), onclick: () => this.show(part) }, t(`part_${part}`), count);
    });
    const focused = this.tabs.contains(document.activeElement ?? null);
    this.tabs.replaceChildren(...tabs);
    this.root.setAttribute("aria-labelledby", `tab-${this.part}`);
    if (focused) byId(`tab-${this.part}`).focus();
  }

  tabKey(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    this.showNumber((PARTS.indexOf(this.part) + step + PARTS.length) % PARTS.length);
    byId(`tab-${this.part}`).focus();
  }

  showNumber(n) {
    if (PARTS[n]) this.show(PARTS[n]);
  }

  show(part) {
    if (part !== this.part) this.open = null;
    this.part = part;
    this.showTabs();
    this.build();
  }

  /** The cards of the part at hand; long lists grow as one scrolls. */
  build() {
    const { plan } = this;
    this.root.replaceChildren();
    if (this.part === "units") return this.root.append(unitsPart(this.ctx));
    if (this.part === "deadlines") return this.root.append(deadlinesPart(this.ctx));
    if (this.part === "doubts") this.makers = plan.doubts.map((doubt) => ({ id: `doubt:${doubt.key}`, make: () => this.doubtCard(doubt) }));
    else this.makers = cardPaths(this.part, plan.document).map((path) => ({ id: join(path), make: () => this.card(path) }));
    this.shown = 0;
    this.cards = h("div", { class: "cards" });
    this.sentinel = h("div", { class: "sentinel" });
    const kind = { objectives: 1, tasks: 1, responsibilities: 1, sections: 1 }[this.part] ? [this.part] : null;
    const add = kind && h("button", { type: "button", class: "add", onclick: () => this.addItem([...kind, plan.get(kind).length]) }, `+ ${t("add")}`);
    if (this.part === "doubts" && !plan.left().length) this.root.append(h("p", { class: "note done" }, t("all_looked_at")));
    this.root.append(...[this.cards, this.sentinel, add].filter(Boolean));
    this.showMore();
    this.more.disconnect();
    this.more.observe(this.sentinel);
    return null;
  }

  showMore(until = this.shown + AT_ONCE) {
    if (!this.makers) return;
    for (; this.shown < Math.min(until, this.makers.length); this.shown += 1) this.cards.append(this.makers[this.shown].make());
    this.sentinel.hidden = this.shown >= this.makers.length;
  }

  frame(id, props, head, body) {
    const opened = this.open === id;
    const toggle = () => this.toggle(id);
    const button = h("button", { type: "button", class: "summary", "aria-expanded": String(opened), onclick: toggle }, head());
    const content = h("div", { class: "body" });
    const card = h("article", { class: `card${opened ? " open" : ""} ${props.class ?? ""}`, "data-id": id }, props.before, button, content);
    card.refreshHead = () => button.replaceChildren(...h("span", {}, head()).childNodes);
    if (opened) content.append(...body());
    return card;
  }

  card(path) {
    const id = join(path);
    const first = (path.at(-1) === 0 || path.length === 1) && path.length <= 2 && heading(path);
    const before = first && path[0] !== "header" ? h("h3", {}, t(first)) : null;
    const marks = this.marks(path);
    return this.frame(id, { class: marks, before }, () => summary(this.plan, path), () => this.body(path));
  }

  /** Whether something below `path` is doubtful. */
  marks(path) {
    const below = this.plan.left().some((doubt) => doubt.path.length && join(doubt.path.slice(0, path.length)) === join(path));
    return below ? "doubt" : "";
  }

  body(path) {
    const { ctx } = this;
    if (path[0] === "funding") return [field(ctx, ["funding"], { name: "funding", type: "long", nullable: true })];
    if (path[0] === "signature" && !this.plan.get(path)) {
      const blank = { ...BLANK.co_signers(), inferred: undefined };
      return [h("button", { type: "button", onclick: () => ctx.make([this.plan.setting(path, blank)]) }, `+ ${t("add")}`)];
    }
    const entry = this.byPath.get(join(path)) ?? this.byPath.get(`${join(path)}.unit`);
    const pieces = [form(ctx, path, specsOf(path))];
    if (entry && path[0] !== "tables") pieces.push(readingPanel(ctx, entry));
    if (typeof path.at(-1) === "number") pieces.push(this.tools(path));
    return pieces;
  }

  /** Buttons for the item as a whole. */
  tools(path) {
    const kind = kindOf(path);
    if (!kind || kind === "tables") return h("div", { class: "tools" }, this.deleteButton(path));
    const button = (word, act, key) => h("button", { type: "button", class: "small", "aria-keyshortcuts": key, onclick: act }, t(word));
    const texted = this.plan.get([...path, "text"]) !== undefined;
    return h(
      "div", { class: "tools" },
      button("add_after", () => this.addItem(path), "a"),
      this.plan.get([...path.slice(0, -1), path.at(-1) + 1]) && button("merge", () => this.merge(path), "m"),
      texted && button("split", () => this.split(path), "s"),
      this.deleteButton(path),
    );
  }

  deleteButton(path) {
    return h("button", { type: "button", class: "small danger", "aria-keyshortcuts": "Delete", onclick: () => this.ctx.remove(path) }, t("delete"));
  }

  duties(path) {
    const list = this.plan.get(path).map((_, n) => {
      const here = [...path, n];
      return h("div", { class: "duty", "data-key": this.ctx.keyOf(here), "data-item": join(here) }, form(this.ctx, here, specsOf(here)), this.tools(here));
    });
    const add = () => this.addItem([...path, this.plan.get(path).length]);
    return [...list, h("button", { type: "button", class: "small add", onclick: add }, `+ ${t("add")}`)];
  }

  async addItem(path) {
    const { edits, path: made } = addition(this.plan, path);
    if (await this.ctx.make(edits)) return;
    const card = [...made];
    if (card.includes("duties")) card.splice(card.indexOf("duties"));
    this.openCard(join(card), join(made));
  }

  merge(path) {
    const edits = merging(this.plan, path);
    if (edits) this.ctx.make(edits);
  }

  split(path) {
    const input = this.root.querySelector(`[data-path="${join([...path, "text"])}"]`);
    const edits = input && splitting(this.plan, path, input.selectionStart);
    if (edits) this.ctx.make(edits);
    else input?.focus();
  }

  draftDeadline(path) {
    const box = this.root.querySelector(".card.open .group.deadlines .add");
    const list = [...this.root.querySelectorAll(".group.deadlines .add")].find((each) => each.closest("[data-item], .card")) ?? box;
    const target = document.activeElement?.classList.contains("add") ? document.activeElement : list;
    const draft = deadline(this.ctx, [...path, this.plan.get(path).length], 0, BLANK.deadline());
    target.before(draft);
    draft.querySelector("input").focus();
  }

  doubtCard(doubt) {
    const seen = this.plan.confirmed.has(doubt.key);
    const entry = this.byKey.get(doubt.key);
    const reasons = document.documentElement.lang === "vi" ? doubt.reasons : doubt.messages;
    const head = () => [
      h("span", { class: "reasons" }, doubt.messages.length ? doubt.messages.map((text, n) => h("span", { class: "reason", title: visible(text) }, visible(reasons[n]))) : h("span", { class: "reason" }, `${t("low_confidence")} (${Math.round(100 * doubt.confidence)} %)`)),
      doubt.path.length ? h("span", { class: "value" }, summary(this.plan, doubt.path)) : h("span", { class: "value" }, `${t("whole_document")}${doubt.page ? `, ${t("page")} ${doubt.page}` : ""}`),
      seen ? h("span", { class: "chip seen" }, `✓ ${t("looked_at")}`) : null,
    ];
    const body = () => {
      const editor = doubt.path.length && doubt.path[0] !== "tables" ? editorAt(this.ctx, doubt.path, kindOf(doubt.path)) : null;
      const whole = entry ? h("button", { type: "button", class: "small", onclick: () => this.selectIn(entry) }, t(`part_${entry.part}`), " ›") : null;
      const right = h("button", { type: "button", class: "main small", "aria-keyshortcuts": "c", onclick: () => this.confirmCurrent() }, `✓ ${t("right")}`);
      return [editor, entry && doubt.path[0] !== "tables" ? readingPanel(this.ctx, entry) : null, h("div", { class: "tools" }, right, whole)].filter(Boolean);
    };
    return this.frame(`doubt:${doubt.key}`, { class: seen ? "seen" : "doubt" }, head, body);
  }

  toggle(id) {
    if (this.open === id) {
      this.open = null;
      this.rebuild(id);
    } else this.openCard(id);
  }

  /** Open the card `id`, close the one before, light up its place; `focus` is a key or item inside it. */
  openCard(id, focus = null) {
    const before = this.open;
    this.open = id;
    const at = this.makers?.findIndex((maker) => maker.id === id) ?? -1;
    if (at >= this.shown) this.showMore(at + AT_ONCE / 2);
    if (before && before !== id) this.rebuild(before);
    this.rebuild(id);
    const card = this.element(id);
    if (!card) return;
    const inner = focus && card.querySelector(`[data-key="${CSS.escape(focus)}"], [data-item="${CSS.escape(focus)}"]`);
    (inner ?? card).scrollIntoView({ block: inner ? "center" : "nearest" });
    card.querySelector(".summary").focus({ preventScroll: true });
    const doubt = id.startsWith("doubt:") ? this.plan.doubts.find((each) => `doubt:${each.key}` === id) : null;
    const entry = doubt ? this.byKey.get(doubt.key) : (this.byKey.get(focus) ?? this.byPath.get(id) ?? this.byPath.get(`${id}.unit`));
    this.current = entry?.key ?? doubt?.key ?? null;
    this.paper.light(entry?.key, entry?.places, doubt?.page ?? (id === "header" ? 1 : null));
  }

  element(id) {
    return this.root.querySelector(`.card[data-id="${CSS.escape(id)}"]`);
  }

  rebuild(id) {
    const at = this.makers?.findIndex((maker) => maker.id === id) ?? -1;
    const old = this.element(id);
    if (at >= 0 && old) old.replaceWith(this.makers[at].make());
  }

  /** Show the value `key`: in the walk when it is doubtful and the walk is open, else in its part. */
  select(key) {
    const entry = this.byKey.get(key);
    if (!entry) return;
    if (this.part === "doubts" && this.plan.doubts.some((doubt) => doubt.key === key)) this.openCard(`doubt:${key}`);
    else this.selectIn(entry);
  }

  selectIn(entry) {
    const part = partOf(entry.card);
    if (this.part !== part) this.show(part);
    const card = entry.part === "header" && entry.path[0] === "header" ? ["header"] : entry.card;
    this.openCard(join(card), entry.key);
    const inner = this.root.querySelector(`.card.open [data-path="${CSS.escape(join(entry.path))}"]`);
    if (inner) inner.focus();
  }

  /** The place of the field that is entered, where it has one of its own. */
  lightField(input) {
    const path = input.dataset.path?.split(".") ?? [];
    for (let end = path.length; end > 1; end -= 1) {
      const entry = this.byPath.get(path.slice(0, end).join("."));
      if (entry) {
        if (entry.key !== this.paper.lit) this.paper.light(entry.key, entry.places);
        return;
      }
    }
  }

  /** The next (or previous) doubtful value nobody has looked at, from where one is. */
  walk(step) {
    if (this.part !== "doubts") this.show("doubts");
    const { doubts } = this.plan;
    const left = new Set(this.plan.left().map((doubt) => doubt.key));
    if (!left.size) return this.build();
    const from = doubts.findIndex((doubt) => `doubt:${doubt.key}` === (this.open ?? this.last));
    for (let n = 1; n <= doubts.length; n += 1) {
      const at = (from + step * n + 2 * doubts.length + (from < 0 && step < 0 ? 1 : 0)) % doubts.length;
      if (left.has(doubts[at].key)) return this.openCard(`doubt:${doubts[at].key}`);
    }
    return null;
  }

  /** The card above or below. */
  move(step) {
    if (!this.makers?.length) return;
    const at = this.makers.findIndex((maker) => maker.id === this.open);
    const next = Math.min(this.makers.length - 1, Math.max(0, at + step));
    this.openCard(this.makers[next].id);
  }

  /** Into the first field of the open card, its deadline or text before all else. */
  edit() {
    const card = this.open && this.element(this.open);
    const input = card?.querySelector('.body textarea, .body input:not([type="checkbox"]), .body select');
    if (input) input.focus();
    return Boolean(input);
  }

  openPath() {
    return this.open && !this.open.startsWith("doubt:") ? this.open.split(".").map((step) => (/^\d+$/.test(step) ? Number(step) : step)) : null;
  }

  async confirmCurrent() {
    if (!this.open?.startsWith("doubt:")) return;
    const key = this.open.slice("doubt:".length);
    this.last = this.open;
    await this.plan.confirm(key, !this.plan.confirmed.has(key));
    if (this.plan.confirmed.has(key)) this.walk(1);
  }

  /** After a change: boxes, counts, and either the heads of cards alone (what was typed here) or all of them. */
  refresh({ quiet = false }) {
    const scroll = byId("fields").scrollTop;
    const focus = document.activeElement?.dataset?.path;
    this.index();
    if (quiet && this.cards?.isConnected) {
      for (const card of this.cards.children) card.refreshHead();
      if (this.part === "doubts") this.refreshDoubts();
    } else if (this.part !== "units" && this.part !== "deadlines") {
      const shown = this.shown;
      this.build();
      if (shown) this.showMore(shown);
      const input = focus && this.root.querySelector(`[data-path="${CSS.escape(focus)}"]`);
      if (input) input.focus({ preventScroll: true });
      else if (this.open) this.element(this.open)?.querySelector(".summary").focus({ preventScroll: true });
    } else this.build();
    byId("fields").scrollTop = scroll;
  }

  /** Cards of the walk whose doubt is settled or gone, without disturbing the open one. */
  refreshDoubts() {
    this.makers = this.plan.doubts.map((doubt) => ({ id: `doubt:${doubt.key}`, make: () => this.doubtCard(doubt) }));
    const kept = new Set(this.makers.map((maker) => maker.id));
    for (const card of [...this.cards.children]) {
      const { id } = card.dataset;
      if (id === this.open) {
        const seen = this.plan.confirmed.has(id.slice("doubt:".length));
        card.classList.toggle("seen", seen);
        card.classList.toggle("doubt", !seen);
      } else if (kept.has(id)) this.rebuild(id);
      else card.remove();
    }
    this.root.querySelector(".note.done")?.remove();
    if (!this.plan.left().length) this.root.prepend(h("p", { class: "note done" }, t("all_looked_at")));
  }
}

/** Whether an edit at `path` takes care of a doubt about `about`. */
function settles(path, about) {
  if (!about.length || join(path.slice(0, about.length)) !== join(about)) return false;
  return path.length - about.length <= 1 || about[0] === "tables";
}
