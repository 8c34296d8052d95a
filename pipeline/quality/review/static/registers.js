// The registers: units, with their name and parent changed everywhere at once, and deadlines by date.

import { h, words } from "./dom.js";
import { shownDeadline } from "./values.js";
import { t } from "./words.js";

export function unitsPart(ctx) {
  const head = ["f_name", "f_parent", "f_roles", "f_items"].map((word) => h("th", { scope: "col" }, t(word)));
  const rows = ctx.plan.document.units.map((unit) => {
    const box = (name, value) => {
      const input = h("input", { value: value ?? "", size: 26, "aria-label": `${t(`f_${name}`)}: ${unit.name}`, title: t("rename"), autocomplete: "off" });
      input.addEventListener("change", () => {
        const typed = input.value.replace(/\s+/g, " ").trim().normalize("NFC") || null;
        if (name === "name" && !typed) input.value = value;
        else if (typed !== (value ?? null)) ctx.rename(unit, { [name]: typed });
      });
      return input;
    };
    const items = unit.item_ids.map((id) => h("button", { type: "button", class: "small", onclick: () => ctx.select(id) }, id));
    const printed = unit.aliases.length ? h("div", { class: "dim" }, words(unit.aliases.join(" · "))) : null;
    return h("tr", {}, h("td", {}, box("name", unit.name), printed), h("td", {}, box("parent", unit.parent)), h("td", {}, unit.roles.map((role) => t(`role_${role}`)).join(", ")), h("td", { class: "ids" }, items));
  });
  return h("div", { class: "grid-box" }, h("table", { class: "register" }, h("thead", {}, h("tr", {}, head)), h("tbody", {}, rows)));
}

export function deadlinesPart(ctx) {
  const { document } = ctx.plan;
  const duties = document.responsibilities.flatMap((each) => each.duties);
  const texts = new Map([...document.objectives, ...document.tasks, ...duties].map((item) => [item.id, item]));
  const order = (deadline) => deadline.due ?? (deadline.kind === "conditional" ? "zz" : "z");
  const sorted = [...document.deadlines].sort((a, b) => order(a).localeCompare(order(b)));
  const head = ["f_deadlines", "f_kind", "f_text"].map((word) => h("th", { scope: "col" }, t(word)));
  const rows = sorted.map((deadline) => {
    const owner = texts.get(deadline.item_id);
    const nth = owner?.deadlines.findIndex((each) => each.text === deadline.text && each.due === deadline.due && each.rrule === deadline.rrule) ?? 0;
    const go = () => ctx.select(`${deadline.item_id}.deadlines.${nth + 1}`);
    const open = h("button", { type: "button", class: "link", onclick: go }, words(shownDeadline(deadline)));
    return h("tr", {}, h("td", {}, open), h("td", {}, t(`kind_${deadline.kind}`)), h("td", {}, words(owner?.text ?? "")));
  });
  return h("div", { class: "grid-box" }, h("table", { class: "register" }, h("thead", {}, h("tr", {}, head)), h("tbody", {}, rows)));
}
