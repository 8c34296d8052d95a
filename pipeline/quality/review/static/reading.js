// What was printed at a value's place, and what else restoration would read there.

import { h, words } from "./dom.js";
import { t } from "./words.js";

const PAUSE = 300;

/** A panel on the value at `path` (an object with `text`, or a text); filled when the server has answered. */
export function readingPanel(ctx, entry) {
  const panel = h("div", { class: "reading" });
  fill(ctx, entry, panel);
  return panel;
}

async function fill(ctx, entry, panel) {
  const place = entry.places.find((each) => each.bbox) ?? entry.places[0];
  const path = textPath(ctx.plan, entry.path);
  if (!path) return;
  await new Promise((resolve) => setTimeout(resolve, PAUSE));
  if (!panel.isConnected) return; // walked on: nobody waits for the answer
  let reading;
  try {
    reading = await ctx.plan.api.ask("/reading", { page: place?.page ?? null, bbox: place?.bbox ?? null, text: String(ctx.plan.get(path) ?? "") });
  } catch {
    return;
  }
  if (reading.printed) panel.append(h("p", {}, h("span", { class: "dim" }, `${t("printed")}: `), h("q", {}, words(reading.printed))));
  const offers = reading.doubted.flatMap(({ text, alternatives }) => alternatives.map((other) => offer(ctx, path, text, other)));
  if (offers.length) panel.append(h("p", { class: "offers" }, h("span", { class: "dim" }, `${t("alternatives")}: `), offers));
}

/** Where the words of an entry stand. */
function textPath(plan, path) {
  const value = plan.get(path);
  if (typeof value === "string") return path;
  for (const name of ["text", "title", "name"]) {
    if (typeof value?.[name] === "string" && value[name]) return [...path, name];
  }
  return null;
}

function offer(ctx, path, text, other) {
  const take = () => {
    const now = ctx.plan.get(path);
    const at = now.indexOf(text);
    if (at < 0) return;
    ctx.make([ctx.plan.setting(path, now.slice(0, at) + other + now.slice(at + text.length))], ctx.settled(path));
  };
  return h("button", { type: "button", class: "small offer", onclick: take }, words(text), " → ", h("b", {}, words(other)));
}
