// Forms for values of every type. A value is saved when its field is left or Enter is pressed, if the contract allows it;
// while typing, the contract is asked and says what is wrong.

import { h, later, words } from "./dom.js";
import { same } from "./plan.js";
import { BLANK, KINDS, SPECS } from "./specs.js";
import { shownDate, shownInt, typedDate, typedInt, typedNumber } from "./values.js";
import { t } from "./words.js";

const CHECK_AFTER = 250;
let serial = 0;

const SHOWN = { date: shownDate, int: shownInt, years: (value) => (value ?? []).join(", ") };
const TYPED = {
  int: (typed) => typedInt(typed),
  number: (typed) => typedNumber(typed),
  years: (typed) => {
    const years = typed.split(/[\s,;]+/).filter(Boolean).map(typedInt);
    return years.includes(undefined) ? undefined : years;
  },
};

/** What was typed into a field of `spec`; undefined when it cannot be such a value. */
function read(spec, typed) {
  if (spec.type === "date") return typedDate(typed, spec.month);
  if (TYPED[spec.type]) {
    const value = TYPED[spec.type](typed);
    return value === null && !spec.nullable ? undefined : value;
  }
  const blanks = spec.type === "long" ? /[^\S\n]+/g : /\s+/g; // bullets of a cell keep their lines
  const text = typed.replace(blanks, " ").replace(/ ?\n ?/g, "\n").trim().normalize("NFC");
  return text === "" && spec.nullable ? null : text;
}

/** The form of all fields of `specs` at `path`. */
export function form(ctx, path, specs) {
  return h("div", { class: "form" }, specs.map((spec) => field(ctx, [...path, spec.name], spec)));
}

/** The labelled editor of one field. */
export function field(ctx, path, spec) {
  const label = t(spec.label ?? `f_${spec.name}`);
  const special = { units, deadlines, rows, strings, unit: single, duties: ctx.duties, grid: ctx.grid }[spec.type];
  if (special) return h("fieldset", { class: `group ${spec.name}` }, h("legend", {}, label), special(ctx, path, spec));
  return labelled(label, bound(ctx, path, spec));
}

function labelled(label, { control, fault }) {
  return h("div", { class: "field" }, h("label", { for: control.id }, label), control, fault);
}

/** A control for a plain value, with its place for faults. */
function control(spec, value, label) {
  serial += 1;
  const id = `f${serial}`;
  const fault = h("p", { class: "fault", id: `${id}-fault`, role: "alert" });
  const shared = { id, "aria-describedby": fault.id, "aria-label": label, autocomplete: "off", spellcheck: "false" };
  if (spec.type === "choice") {
    const options = spec.options.map(([name, word]) => h("option", { value: name, selected: name === value }, word ? t(word) : name));
    const empty = spec.nullable ? [h("option", { value: "", selected: !value }, t("empty"))] : [];
    return { control: h("select", shared, empty, options), fault };
  }
  const shown = SHOWN[spec.type] ? SHOWN[spec.type](value) : String(value ?? "");
  if (spec.type === "long") {
    const rows = Math.min(8, Math.max(1, Math.ceil(shown.length / 64)));
    return { control: h("textarea", { ...shared, rows, value: shown }), fault };
  }
  const hint = spec.type === "date" ? { placeholder: "30/9/2026", inputmode: "numeric" } : {};
  return { control: h("input", { ...shared, ...hint, size: spec.size ?? 24, value: shown, list: spec.list }), fault };
}

const refused = (fault, input, message) => {
  fault.textContent = message;
  input.toggleAttribute("aria-invalid", Boolean(message));
  if (message) input.setAttribute("aria-invalid", "true");
};

const wrong = (spec) => t(spec.type === "date" ? "wrong_date" : "wrong_number");

/** Listeners by which a control is checked, saved and reset. `value()` is what it holds, or a fault as a string in `wrong`. */
function wire(input, fault, { ctx, edits, reset, settled }) {
  let last = input.value;
  const check = later(async () => {
    if (input.value === last) return refused(fault, input, "");
    const made = edits();
    if (made.wrong || !made.edits.length) return refused(fault, input, made.wrong ?? "");
    const typed = input.value;
    const refusal = await ctx.plan.check(edits);
    return input.value === typed && refused(fault, input, refusal ? `${t("invalid")} ${refusal.faults[0]?.message ?? refusal.message}` : "");
  }, CHECK_AFTER);
  const save = async () => {
    check.cancel();
    if (input.value === last) return true;
    const made = edits();
    if (made.wrong) {
      refused(fault, input, made.wrong);
      return false;
    }
    if (!made.edits.length) {
      last = input.value;
      refused(fault, input, "");
      return true;
    }
    const typed = input.value;
    const refusal = await ctx.plan.change(made.edits, ctx.settled(settled), { quiet: true });
    if (input.value !== typed) return !refusal; // typed on, or gone back, while the answer was on its way
    refused(fault, input, refusal ? `${t("invalid")} ${refusal.faults[0]?.message ?? refusal.message}` : "");
    if (!refusal) {
      last = input.value;
      input.dispatchEvent(new Event("saved"));
    }
    return !refusal;
  };
  input.addEventListener("input", check);
  input.addEventListener("change", save);
  input.addEventListener("keydown", async (event) => {
    if (event.key === "Escape") {
      input.value = reset();
      refused(fault, input, "");
      event.stopPropagation();
      ctx.leave(input);
    } else if (event.key === "Enter" && !event.shiftKey && input.tagName !== "SELECT") {
      event.preventDefault();
      if (await save()) ctx.leave(input);
    }
  });
}

/** A control bound to the value at `path`. */
function bound(ctx, path, spec, label) {
  const value = ctx.plan.get(path);
  const { control: input, fault } = control(spec, value, label);
  input.dataset.path = path.join(".");
  const edits = () => {
    const typed = spec.type === "choice" ? input.value || null : read(spec, input.value);
    if (typed === undefined) return { wrong: wrong(spec) };
    return { edits: same(typed, ctx.plan.get(path)) ? [] : [ctx.plan.setting(path, typed)] };
  };
  const reset = () => (SHOWN[spec.type] ? SHOWN[spec.type](ctx.plan.get(path)) : String(ctx.plan.get(path) ?? ""));
  wire(input, fault, { ctx, edits, reset, settled: path });
  return { control: input, fault };
}

const removeButton = (ctx, path, label) =>
  h("button", { type: "button", class: "small", "aria-label": `${t("delete")}: ${label}`, title: t("delete"), onclick: () => ctx.remove(path) }, "×");

const addButton = (label, act) => h("button", { type: "button", class: "small add", "aria-label": `${t("add")}: ${label}`, onclick: act }, `+ ${t("add")}`);

/** A list of objects with a few fields each, a row for each object. */
function rows(ctx, path, spec) {
  const label = t(spec.label ?? `f_${spec.name}`);
  const list = ctx.plan.get(path).map((_, n) => {
    const here = [...path, n];
    const cells = spec.fields.map((each) => {
      const { control: input, fault } = bound(ctx, [...here, each.name], each, t(`f_${each.name}`));
      return h("span", { class: "cell" }, input, fault);
    });
    return h("div", { class: "row" }, cells, removeButton(ctx, here, `${label} ${n + 1}`));
  });
  const add = () => ctx.insert([...path, ctx.plan.get(path).length], spec.blank);
  return [...list, addButton(label, add)];
}

/** A list of texts. */
function strings(ctx, path, spec) {
  const label = t(`f_${spec.name}`);
  const list = ctx.plan.get(path).map((_, n) => {
    const here = [...path, n];
    const { control: input, fault } = bound(ctx, here, { type: "long", nullable: false }, `${label} ${n + 1}`);
    const split = h("button", { type: "button", class: "small", onclick: () => ctx.splitText(here, input) }, t("split"));
    const merge = n + 1 < ctx.plan.get(path).length && h("button", { type: "button", class: "small", onclick: () => ctx.mergeText(here) }, t("merge"));
    return h("div", { class: "row text" }, h("span", { class: "cell" }, input, fault), split, merge, removeButton(ctx, here, `${label} ${n + 1}`));
  });
  return [...list, addButton(label, () => ctx.insert([...path, ctx.plan.get(path).length], ""))];
}

/** The units of a task, taken from the register by name. */
function units(ctx, path, spec) {
  const label = t(`f_${spec.name}`);
  const list = ctx.plan.get(path).map((_, n) => {
    const here = [...path, n];
    return h("div", { class: "row", "data-key": ctx.keyOf(here) }, unit(ctx, here, `${label} ${n + 1}`), removeButton(ctx, here, `${label} ${n + 1}`));
  });
  const input = h("input", { list: "unit-names", size: 30, "aria-label": `${t("add")}: ${label}`, placeholder: t("add"), autocomplete: "off" });
  const add = () => {
    const name = input.value.replace(/\s+/g, " ").trim().normalize("NFC");
    if (name) ctx.insert([...path, ctx.plan.get(path).length], BLANK.unit(name, ctx.known(name)));
  };
  input.addEventListener("change", add);
  return [...list, h("div", { class: "row" }, input)];
}

const single = (ctx, path) => h("div", { class: "row", "data-key": ctx.keyOf(path) }, unit(ctx, path, t("f_responsible")));

/** Name and parent of a unit, and what was printed. */
export function unit(ctx, path, label) {
  const value = ctx.plan.get(path);
  const { control: name, fault } = control({ type: "line", list: "unit-names", size: 34 }, value.name, label);
  name.dataset.path = [...path, "name"].join(".");
  const edits = () => {
    const typed = name.value.replace(/\s+/g, " ").trim().normalize("NFC");
    if (!typed) return { wrong: `${t("f_name")} ${t("needed")}` };
    const now = ctx.plan.get(path);
    return { edits: typed === now.name ? [] : [ctx.plan.setting(path, { ...now, name: typed, parent: ctx.known(typed)?.parent ?? now.parent })] };
  };
  wire(name, fault, { ctx, edits, reset: () => ctx.plan.get(path).name, settled: path });
  const parent = bound(ctx, [...path, "parent"], { type: "line", nullable: true, size: 18 }, t("f_parent"));
  parent.control.placeholder = t("f_parent");
  name.addEventListener("saved", () => {
    parent.control.value = ctx.plan.get(path).parent ?? "";
  });
  const printed = value.text && value.text !== value.name ? h("span", { class: "dim" }, "“", words(value.text), "”") : null;
  return [h("span", { class: "cell" }, name, fault), h("span", { class: "cell" }, parent.control, parent.fault), printed];
}

function deadlines(ctx, path) {
  const list = ctx.plan.get(path).map((_, n) => deadline(ctx, [...path, n], n));
  return [...list, addButton(t("f_deadlines"), () => ctx.draftDeadline(path))];
}

const DEADLINE = {
  text: { type: "line", size: 34 }, start: { type: "date", size: 11 }, due: { type: "date", size: 11 }, rrule: { type: "line", size: 34 },
  condition: { type: "line", size: 34 },
};

/** A deadline is saved as a whole, once what its kind needs is there. `draft`: not yet in the plan. */
export function deadline(ctx, path, n, draft = null) {
  const value = draft ?? ctx.plan.get(path);
  const root = h("div", { class: "deadline-form", "data-key": draft ? null : ctx.keyOf(path) });
  const inputs = {};
  const faults = {};
  const cells = {};
  const cell = (name, made, label) => {
    inputs[name] = made.control;
    faults[name] = made.fault;
    cells[name] = labelled(label, made);
    made.control.dataset.path = [...path, name].join(".");
    return cells[name];
  };
  const kind = { type: "choice", options: Object.keys(KINDS).map((each) => [each, `kind_${each}`]) };
  const subject = { type: "choice", options: ["item", "report"].map((each) => [each, `subject_${each}`]) };
  root.append(
    cell("text", control(DEADLINE.text, value.text), t("f_text")),
    cell("kind", control(kind, value.kind), t("f_kind")),
    ...["start", "due", "rrule", "condition"].map((name) => cell(name, control(DEADLINE[name], value[name]), t(`f_${name}`))),
    cell("subject", control(subject, value.subject), t("f_subject")),
  );
  const rules = "rrules";
  inputs.rrule.setAttribute("list", rules);
  const arrange = () => {
    for (const name of ["start", "due", "rrule", "condition"]) cells[name].hidden = !KINDS[inputs.kind.value].includes(name);
  };
  arrange();
  const made = () => {
    const next = { ...value, ...(draft ? {} : ctx.plan.get(path)), text: read(DEADLINE.text, inputs.text.value), kind: inputs.kind.value, subject: inputs.subject.value };
    for (const name of ["start", "due", "rrule", "condition"]) {
      next[name] = null;
      if (!KINDS[next.kind].includes(name)) continue;
      const typed = read(DEADLINE[name], inputs[name].value);
      if (typed === undefined) return { wrong: wrong(DEADLINE[name]) };
      if (!typed) return { wrong: `${t(`f_${name}`)} ${t("needed")}` };
      next[name] = typed;
    }
    if (!next.text) return { wrong: `${t("f_text")} ${t("needed")}` };
    if (draft) return { edits: [ctx.plan.inserting(path, next)] };
    return { edits: same(next, ctx.plan.get(path)) ? [] : [ctx.plan.setting(path, next)] };
  };
  const shown = (name) => () => {
    const now = (draft ?? ctx.plan.get(path))[name];
    return SHOWN[DEADLINE[name]?.type] ? SHOWN[DEADLINE[name].type](now) : String(now ?? "");
  };
  for (const [name, input] of Object.entries(inputs)) {
    wire(input, faults[name], { ctx, edits: made, reset: shown(name), settled: path });
  }
  inputs.kind.addEventListener("input", arrange);
  if (!draft) root.append(removeButton(ctx, path, `${t("f_deadlines")} ${n + 1}`));
  return root;
}

/** The form for whatever stands at `path`: an item, a deadline, a unit, a field of the header. */
export function editorAt(ctx, path, kind) {
  const list = path.at(-2);
  if (list === "deadlines") return deadline(ctx, path, path.at(-1));
  if (list === "lead_units" || list === "coordinating_units" || path.at(-1) === "unit") {
    return h("div", { class: "row", "data-key": ctx.keyOf(path) }, unit(ctx, path, t(path.at(-1) === "unit" ? "f_responsible" : `f_${list}`)));
  }
  if (path[0] === "header" && path.length === 2) {
    const spec = SPECS.header.find((each) => each.name === path[1]);
    return spec ? field(ctx, path, spec) : null;
  }
  return kind ? form(ctx, path, SPECS[kind]) : null;
}
