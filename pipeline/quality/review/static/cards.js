// One item as a card: a line that sums it up, and below it, when open, its form.

import { h, visible, words } from "./dom.js";
import { sectionsOf } from "./entries.js";
import { SPECS, kindOf } from "./specs.js";
import { shownDate, shownDeadline, shownInt } from "./values.js";
import { t } from "./words.js";

const chip = (kind, text) => h("span", { class: `chip ${kind}` }, words(text));

/** What sums the value at `path` up: an array of nodes. */
export function summary(plan, path) {
  const value = plan.get(path);
  const kind = kindOf(path) ?? path.at(-2);
  const chips = [];
  const add = (name, text) => text && chips.push(chip(name, text));
  if (path[0] === "header" && path.length === 2) return [h("b", {}, t(`f_${path[1]}`)), " ", headerValue(path[1], value)];
  if (value === null || value === undefined) return [h("i", {}, t("empty"))];
  if (path[0] === "header") return [h("b", {}, t("part_header"))];
  if (path.at(-1) === "unit" || ["lead_units", "coordinating_units"].includes(path.at(-2))) return [words(value.name)];
  if (path.at(-2) === "deadlines") return [words(value.text), " ", chip("deadline", shownDeadline(value))];
  if (kind === "responsibilities") return [label(value.label), words(value.unit.name), " ", chip("count", String(value.duties.length))];
  if (kind === "tables") return [words(value.title || value.id), " ", chip("count", `${value.rows.length} × ${value.columns.length}`)];
  if (kind === "sections") return [label(value.label), words(value.title || value.paragraphs[0] || "")];
  if (kind === "recipients") return [words(value.name), " ", value.purpose ? chip("unit", value.purpose) : null];
  if (kind === "signature" || kind === "co_signers") return [words([value.capacity, value.position, value.name].filter(Boolean).join(", "))];
  (value.deadlines ?? []).forEach((each) => add("deadline", shownDeadline(each)));
  (value.lead_units ?? []).forEach((each) => add("unit", each.name));
  (value.coordinating_units ?? []).slice(0, 3).forEach((each) => add("helper", each.name));
  (value.targets ?? []).forEach((each) => add("target", `${each.comparator} ${each.value} ${each.unit}`));
  if (value.budget_vnd) add("budget", `${shownInt(value.budget_vnd)} đ`);
  return [label(value.number), value.text ? words(value.text) : h("i", {}, t("empty")), " ", ...chips];
}

const label = (text) => (text ? h("span", { class: "label" }, visible(text), " ") : null);

function headerValue(name, value) {
  if (value === null || value === undefined) return h("i", {}, t("empty"));
  return words(name === "issued_on" ? shownDate(value) : Array.isArray(value) ? value.join(", ") : value);
}

/** Paths of the cards of each part, in order. */
export function cardPaths(part, document) {
  const each = (name) => document[name].map((_, n) => [name, n]);
  switch (part) {
    case "header":
      return [["header"], ...each("legal_bases")];
    case "sections":
      return [...sectionsOf(document.sections)].map(({ path }) => path);
    case "closing":
      return [["funding"], ...each("recipients"), ["signature"], ...each("co_signers")];
    default:
      return each(part);
  }
}

/** Headings between the cards: before the first of its kind. */
export const heading = (path) =>
  ({ header: "part_header", legal_bases: "legal_bases", funding: "f_funding", recipients: "recipients", signature: "signature", co_signers: "co_signers" })[path[0]];

/** The fields of an item; null where it has a form of its own. */
export const specsOf = (path) => SPECS[kindOf(path)] ?? null;
