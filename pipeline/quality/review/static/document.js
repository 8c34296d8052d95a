// The page of one document: puts its parts together, hears the keys, tells what is saved and what is not.

import { Api } from "./api.js";
import { byId, h, visible } from "./dom.js";
import { Fields } from "./fields.js";
import { Paper } from "./paper.js";
import { Plan } from "./plan.js";
import { loadWords, t } from "./words.js";

const LOOK_AFTER = 15000;
const RRULES = ["FREQ=YEARLY", "FREQ=MONTHLY", "FREQ=MONTHLY;INTERVAL=3", "FREQ=MONTHLY;INTERVAL=6", "FREQ=WEEKLY", "FREQ=DAILY", "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=15"];

const name = byId("review").dataset.name;
const api = new Api(name);
await loadWords();
const payload = await api.ask("");
const plan = new Plan(api, payload);
const paper = new Paper(api, payload, (key) => fields.select(key));
const fields = new Fields(plan, paper);
document.body.append(h("datalist", { id: "rrules" }, RRULES.map((rule) => h("option", { value: rule }))));

function showState() {
  const status = byId("status");
  status.textContent = t(`status_${plan.status}`);
  status.className = `status ${plan.status}`;
  byId("undo").disabled = !plan.done.length;
  byId("redo").disabled = !plan.undone.length;
}

function notice(text, ...buttons) {
  const box = byId("notice");
  box.replaceChildren(h("span", {}, visible(text)), ...buttons, h("button", { type: "button", class: "small", onclick: () => (box.hidden = true) }, t("close")));
  box.hidden = false;
}

const saved = (word) => {
  byId("saved").textContent = word ? t(word) : "";
  byId("saved").classList.toggle("bad", word === "unsaved");
};

plan.addEventListener("saving", () => saved("saving"));
plan.addEventListener("saved", () => (saved("saved"), showState()));
plan.addEventListener("unsaved", () => (saved("unsaved"), showState()));
for (const type of ["changed", "confirmed", "reloaded"]) plan.addEventListener(type, showState);
plan.addEventListener("told", ({ detail }) => notice(detail.text));
plan.addEventListener("over", () => notice(t("session_over")));
plan.addEventListener("conflict", ({ detail }) => {
  const onTop = async () => {
    const lost = await plan.reload(detail.batches);
    byId("notice").hidden = true;
    if (lost.length) notice(`${t("conflict_lost")} ${lost.map((edit) => `${edit.path.join(".")}: ${JSON.stringify(edit.value)}`).join(" | ")}`);
  };
  const drop = async () => {
    await plan.reload();
    byId("notice").hidden = true;
  };
  notice(
    t("conflict"),
    h("button", { type: "button", class: "small main", onclick: onTop }, t("conflict_on_top")),
    h("button", { type: "button", class: "small", onclick: drop }, t("conflict_drop")),
  );
});

async function approve() {
  await plan.tail;
  const left = plan.left().length;
  if (left && !(await confirmed(`${left} ${t("still_doubtful")}`, t("approve_all_the_same")))) return;
  try {
    const answer = await api.ask("/approval", {}, plan.etag);
    plan.take(answer);
    plan.tell("confirmed");
    notice(`${t("approved")} ${answer.golden}`);
  } catch (refusal) {
    if (refusal.status === 412) plan.tell("conflict", { batches: [] });
    else notice(`${t("invalid")} ${refusal.message}`);
  }
  showState();
}

/** A question in a dialog; resolves to whether it was answered with yes. */
function confirmed(question, yes) {
  const dialog = byId("dialog");
  return new Promise((resolve) => {
    const answer = (value) => () => dialog.close(value);
    dialog.replaceChildren(
      h("p", { id: "question" }, question),
      h("div", { class: "tools" }, h("button", { type: "button", class: "main", onclick: answer("yes") }, yes), h("button", { type: "button", autofocus: true, onclick: answer("") }, t("cancel"))),
    );
    dialog.setAttribute("aria-labelledby", "question");
    dialog.returnValue = "";
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
    dialog.showModal();
  });
}

const KEYS = [
  ["n / p", "key_np"], ["c", "key_c"], ["Enter", "key_enter"], ["j / k", "key_jk"], ["u / Shift+U", "key_u"], ["+ / − / 0", "key_zoom"],
  ["a / Delete / m / s", "key_structure"], ["1 … 9", "key_parts"], ["Shift+A", "key_approve"], ["?", "key_help"],
];
const single = () => localStorage.getItem("kehoach:keys") !== "off";

function help() {
  const dialog = byId("dialog");
  const rows = KEYS.map(([keys, word]) => h("tr", {}, h("th", { scope: "row" }, h("kbd", {}, keys)), h("td", {}, t(word))));
  const box = h("input", { type: "checkbox", checked: single(), onchange: (event) => localStorage.setItem("kehoach:keys", event.target.checked ? "on" : "off") });
  dialog.replaceChildren(
    h("h2", { id: "question" }, t("shortcuts")), h("table", {}, rows), h("p", {}, h("label", { class: "check" }, box, " ", t("keys_on"))),
    h("button", { type: "button", onclick: () => dialog.close() }, t("close")),
  );
  dialog.setAttribute("aria-labelledby", "question");
  dialog.showModal();
}

/** Structure keys work on the open card of a part, not in the walk. */
function structure(key) {
  const path = fields.openPath();
  if (!path || typeof path.at(-1) !== "number") return false;
  if (key === "a") fields.addItem(path);
  else if (key === "m") fields.merge(path);
  else if (key === "s") fields.split(path);
  else fields.ctx.remove(path);
  return true;
}

const ACTS = {
  n: () => fields.walk(1), p: () => fields.walk(-1), j: () => fields.move(1), k: () => fields.move(-1), c: () => fields.confirmCurrent(),
  u: () => plan.undo(), U: () => plan.redo(), "+": () => paper.zoomBy(1), "=": () => paper.zoomBy(1), "-": () => paper.zoomBy(-1), 0: () => paper.zoomTo(1),
  A: approve, "?": help, a: () => structure("a"), m: () => structure("m"), s: () => structure("s"), Delete: () => structure("Delete"),
};

document.addEventListener("keydown", (event) => {
  const { target, key } = event;
  const writing = target.matches("input, textarea, select") || byId("dialog").open;
  if ((event.ctrlKey || event.metaKey) && key.toLowerCase() === "z" && !writing) {
    event.preventDefault();
    if (event.shiftKey) plan.redo();
    else plan.undo();
    return;
  }
  if (writing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (key === "Enter" && target.matches(".card.open > .summary")) {
    if (fields.edit()) event.preventDefault();
    return;
  }
  if (!single() && key.length === 1) return;
  const act = /^[1-9]$/.test(key) ? () => fields.showNumber(Number(key) - 1) : ACTS[key];
  if (!act) return;
  event.preventDefault();
  act();
});

byId("undo").addEventListener("click", () => plan.undo());
byId("redo").addEventListener("click", () => plan.redo());
byId("approve").addEventListener("click", approve);
byId("help").addEventListener("click", help);

/** Somebody else may be at work: look for another version while this one is shown. */
async function look() {
  if (document.hidden || plan.queue.length) return;
  try {
    const { etag } = await plan.inTurn(() => api.ask("/version"));
    if (etag === plan.etag) return;
    const writing = document.activeElement?.matches("input, textarea");
    if (writing) return;
    await plan.reload();
    notice(t("changed_elsewhere"));
  } catch {
    // The next change will tell.
  }
}
setInterval(look, LOOK_AFTER);
document.addEventListener("visibilitychange", look);
window.addEventListener("beforeunload", (event) => {
  if (plan.queue.length) event.preventDefault();
});

const leftovers = plan.leftovers();
if (leftovers.length) plan.tell("conflict", { batches: leftovers });
if (payload.newer) {
  const take = async () => {
    await api.ask("/discard", {}, plan.etag);
    await plan.reload();
    byId("notice").hidden = true;
  };
  notice(t("newer"), h("button", { type: "button", class: "small", onclick: take }, t("discard")));
}
showState();
document.body.dataset.ready = "yes";
