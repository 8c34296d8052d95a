// A table's cells: text until one is chosen, then a field to write in. Long tables show some rows at a time.

import { h, words } from "./dom.js";
import { mergingRows } from "./items.js";
import { t } from "./words.js";

const AT_ONCE = 60;

export function grid(ctx, path) {
  const table = path.slice(0, -1);
  const root = h("div", { class: "grid-box", tabindex: 0, role: "region", "aria-label": t("f_rows") });
  const body = h("tbody");
  const columns = ctx.plan.get([...table, "columns"]);
  const head = h("tr", {}, columns.map((_, n) => h("th", { scope: "col" }, cell(ctx, [...table, "columns", n]))), h("th", {}, h("span", { class: "away" }, t("edit"))));
  const shown = { rows: 0 };
  const more = h("button", { type: "button", class: "small", onclick: () => fill() }, t("more"));
  const fill = () => {
    const rows = ctx.plan.get(path);
    const until = Math.min(rows.length, shown.rows + AT_ONCE);
    for (; shown.rows < until; shown.rows += 1) body.append(row(ctx, [...path, shown.rows]));
    more.hidden = shown.rows >= rows.length;
  };
  fill();
  const blank = () => ctx.insert([...path, ctx.plan.get(path).length], columns.map(() => ""));
  root.append(h("table", { class: "grid" }, h("thead", {}, head), body), more, h("button", { type: "button", class: "small", onclick: blank }, `+ ${t("add_row")}`));
  return root;
}

function row(ctx, path) {
  const cells = ctx.plan.get(path).map((_, n) => h("td", {}, cell(ctx, [...path, n])));
  const number = path.at(-1) + 1;
  const tool = (sign, word, act) => h("button", { type: "button", class: "small", title: t(word), "aria-label": `${t(word)} ${number}`, onclick: act }, sign);
  const merge = () => ctx.plan.get([...path.slice(0, -1), number]) && ctx.make(mergingRows(ctx.plan, path));
  const below = () => ctx.insert([...path.slice(0, -1), number], cells.map(() => ""));
  const tools = [tool("+", "add_row", below), tool("⤓", "merge_row", merge), tool("×", "delete_row", () => ctx.remove(path))];
  return h("tr", {}, cells, h("td", { class: "tools" }, tools));
}

function cell(ctx, path) {
  const text = () => ctx.plan.get(path);
  const button = h("button", { type: "button", class: "cell-text", "data-path": path.join(".") });
  const fill = () => button.replaceChildren(text() ? words(text()) : h("span", { class: "dim" }, "·"));
  button.addEventListener("click", () => {
    const input = h("textarea", { rows: 3, value: text(), "aria-label": t("edit") });
    const finish = async (save) => {
      if (!input.isConnected) return;
      const typed = input.value.replace(/[^\S\n]+/g, " ").replace(/ ?\n ?/g, "\n").trim().normalize("NFC");
      if (save && typed !== text()) await ctx.plan.change([ctx.plan.setting(path, typed)], ctx.settled(path), { quiet: true });
      fill();
      if (input.isConnected) input.replaceWith(button);
    };
    input.addEventListener("blur", () => finish(true));
    input.addEventListener("keydown", async (event) => {
      if (event.key !== "Escape" && (event.key !== "Enter" || event.shiftKey)) return;
      event.preventDefault();
      event.stopPropagation();
      await finish(event.key === "Enter");
      button.focus();
    });
    button.replaceWith(input);
    input.focus();
  });
  fill();
  return button;
}
