// Items as wholes: add, delete, merge with the next, split at the cursor. Each is a few edits that undo takes back together.

import { same } from "./plan.js";
import { BLANK, PREFIX, kindOf } from "./specs.js";
import { freshId } from "./entries.js";

const list = (path) => path.slice(0, -1);
const at = (path) => path.at(-1);
const next = (path) => [...list(path), at(path) + 1];

/** A new item below the one at `path`; a path that ends in its list's length adds at the end. */
export function addition(plan, path, kind = kindOf(path)) {
  const sibling = plan.get(path);
  const id = PREFIX[kind] ? freshId(plan.document, PREFIX[kind]) : undefined;
  const here = sibling === undefined ? path : next(path);
  return { edits: [plan.inserting(here, BLANK[kind](id, sibling ?? plan.get([...list(path), 0])))], path: here };
}

/** The item at `path` with all that the next one has: texts joined, lists one behind the other, its own values first. */
export function merging(plan, path) {
  const [one, other] = [plan.get(path), plan.get(next(path))];
  if (!one || !other) return null;
  const merged = {};
  for (const [name, value] of Object.entries(one)) {
    const more = other[name];
    if (name === "source" || name === "sources") continue;
    if (["text", "title"].includes(name)) merged[name] = [value, more].filter(Boolean).join(" ");
    else if (Array.isArray(value)) merged[name] = [...value, ...more.filter((each) => name === "paragraphs" || !value.some((own) => same(own, each)))];
    else merged[name] = value ?? more;
  }
  const places = [...placesOf(one), ...placesOf(other)];
  Object.assign(merged, "sources" in one ? joined(places) : { source: one.source ?? other.source });
  return [plan.removing(next(path)), plan.setting(path, merged)];
}

const placesOf = (item) => (item.sources?.length ? item.sources : item.source ? [item.source] : []);

/** One source a page: boxes on one page are spanned, the least confidence counts. */
function joined(places) {
  const byPage = new Map();
  for (const place of places) {
    const kept = byPage.get(place.page);
    byPage.set(place.page, kept ? span(kept, place) : place);
  }
  const sources = [...byPage.values()].sort((a, b) => a.page - b.page);
  return { source: sources[0] ?? null, sources: sources.length > 1 ? sources : [] };
}

function span(one, other) {
  const [a, b] = [one.bbox, other.bbox];
  const bbox = a && b ? [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])] : (a ?? b);
  return { page: one.page, bbox, confidence: Math.min(one.confidence, other.confidence) };
}

/** The item at `path` cut at `place` in its text: what follows becomes an item of its own below it, at the same place on paper. */
export function splitting(plan, path, place) {
  const item = plan.get(path);
  const [before, behind] = [item.text.slice(0, place).trim(), item.text.slice(place).trim()];
  if (!before || !behind) return null;
  const kind = kindOf(path);
  const id = PREFIX[kind] ? freshId(plan.document, PREFIX[kind]) : undefined;
  const second = { ...BLANK[kind](id, item), text: behind, source: item.source, sources: item.sources };
  return [plan.setting([...path, "text"], before), plan.inserting(next(path), second)];
}

/** Two texts of a list as one. */
export function mergingText(plan, path) {
  return [plan.setting(path, `${plan.get(path)} ${plan.get(next(path))}`), plan.removing(next(path))];
}

/** A text of a list as two. */
export function splittingText(plan, path, place) {
  const text = plan.get(path);
  const [before, behind] = [text.slice(0, place).trim(), text.slice(place).trim()];
  return before && behind ? [plan.setting(path, before), plan.inserting(next(path), behind)] : null;
}

/** Every mention of a unit with another name or parent. */
export function renaming(plan, unit, changes) {
  const names = new Set([unit.name, ...unit.aliases]);
  const edits = [];
  const visit = (path) => {
    const reference = plan.get(path);
    if (names.has(reference.name)) edits.push(plan.setting(path, { ...reference, ...changes }));
  };
  plan.document.tasks.forEach((task, n) => {
    for (const name of ["lead_units", "coordinating_units"]) task[name].forEach((_, k) => visit(["tasks", n, name, k]));
  });
  plan.document.responsibilities.forEach((_, n) => visit(["responsibilities", n, "unit"]));
  return edits;
}

/** A row of a table joined with the one below, cell by cell. */
export function mergingRows(plan, path) {
  const [row, below] = [plan.get(path), plan.get(next(path))];
  return [plan.removing(next(path)), plan.setting(path, row.map((cell, n) => [cell, below[n]].filter(Boolean).join(" ")))];
}
