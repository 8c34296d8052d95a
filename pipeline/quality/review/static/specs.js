// What the parts of a plan are made of, as the forms show it. Types: line, long, int, date, years, choice, units, unit,
// deadlines, rows (objects with fields of their own), strings.

const choices = (prefix, ...names) => names.map((name) => [name, `${prefix}_${name}`]);
const signs = ["=", ">=", "<=", ">", "<"].map((sign) => [sign, null]);

export const KINDS = {
  date: ["due"], month: ["due"], quarter: ["due"], year: ["due"], period: ["start", "due"],
  recurring: ["rrule"], ongoing: [], conditional: ["condition"],
};

const line = (name, more = {}) => ({ name, type: "line", nullable: true, ...more });
const text = { name: "text", type: "long", nullable: false };
const deadlines = { name: "deadlines", type: "deadlines" };

export const CITATION = [
  { name: "type", type: "line", nullable: false, size: 16 },
  { name: "number", type: "line", nullable: false, size: 16 },
  { name: "issued_on", type: "date", nullable: true },
  line("issuer"),
];
export const TARGET = [
  { name: "comparator", type: "choice", options: signs },
  { name: "value", type: "number", nullable: false, size: 8 },
  { name: "unit", type: "line", nullable: false },
];
const citations = { name: "citations", type: "rows", fields: CITATION, blank: { type: "", number: "", issued_on: null, issuer: null } };

export const SPECS = {
  header: [
    line("parent_authority"), line("issuing_authority"), line("document_number"), line("place"),
    { name: "issued_on", type: "date", nullable: true, month: true }, line("document_type"),
    { name: "title", type: "long", nullable: true }, { name: "plan_years", type: "years" },
  ],
  legal_bases: [text, citations],
  sections: [
    line("label", { nullable: false, size: 8 }), { name: "title", type: "long", nullable: false },
    {
      name: "role", type: "choice", label: "f_role",
      options: choices(
        "section", "purpose", "requirements", "purpose_requirements", "situation", "objectives", "tasks", "funding",
        "implementation", "appendix", "other",
      ),
    },
    { name: "paragraphs", type: "strings" },
  ],
  objectives: [
    text, line("section", { nullable: false }), { name: "context", type: "long", nullable: true },
    { name: "scope", type: "choice", nullable: true, options: choices("scope", "general", "specific", "vision") },
    { name: "horizon", type: "int", nullable: true },
    { name: "targets", type: "rows", fields: TARGET, blank: { value: 0, unit: "", comparator: "=" } },
    deadlines,
  ],
  tasks: [
    text, deadlines, { name: "lead_units", type: "units" }, { name: "coordinating_units", type: "units" },
    { name: "deliverable", type: "long", nullable: true }, { name: "budget_vnd", type: "int", nullable: true },
    line("number", { size: 8 }), line("section", { nullable: false }), { name: "group", type: "long", nullable: true },
    { name: "context", type: "long", nullable: true }, { name: "notes", type: "long", nullable: true }, citations,
  ],
  responsibilities: [{ name: "unit", type: "unit", label: "f_responsible" }, line("label", { size: 8 }), { name: "duties", type: "duties" }],
  duties: [text, deadlines, { name: "context", type: "long", nullable: true }],
  tables: [
    line("title"),
    { name: "role", type: "choice", label: "f_role", options: choices("table", "tasks", "projects", "other") },
    { name: "rows", type: "grid" },
  ],
  recipients: [line("name", { nullable: false }), line("purpose")],
  signature: [line("capacity"), line("position"), line("name", { label: "f_signer" }), line("digital")],
  co_signers: [line("capacity"), line("position"), line("name", { label: "f_signer" }), line("digital")],
};

const item = (id) => ({ source: null, sources: [], inferred: [], id });

/** A new item of a kind, after `sibling` where there is one. */
export const BLANK = {
  sections: (id, sibling) => ({ ...item(id), label: "", title: "", level: sibling?.level ?? 1, role: sibling?.role ?? "other", paragraphs: [], children: [] }),
  objectives: (id, sibling) => ({
    ...item(id), text: "", section: sibling?.section ?? "", context: sibling?.context ?? null, scope: sibling?.scope ?? null,
    horizon: sibling?.horizon ?? null, targets: [], deadlines: [],
  }),
  tasks: (id, sibling) => ({
    ...item(id), number: null, text: "", section: sibling?.section ?? "", group: sibling?.group ?? null, context: sibling?.context ?? null,
    lead_units: [], coordinating_units: [], deliverable: null, deadlines: [], budget_vnd: null, notes: null, citations: [],
    origin: sibling?.origin ?? "section",
  }),
  duties: (id, sibling) => ({ ...item(id), text: "", context: sibling?.context ?? null, deadlines: [] }),
  responsibilities: (id) => ({ ...item(id), unit: { name: "", parent: null, text: "", source: null }, label: null, duties: [] }),
  recipients: () => ({ name: "", purpose: null, source: null }),
  legal_bases: () => ({ text: "", citations: [], source: null, sources: [] }),
  co_signers: () => ({ capacity: null, position: null, name: null, digital: null, source: null }),
  deadline: () => ({ source: null, sources: [], inferred: [], text: "", kind: "date", subject: "item", start: null, due: null, rrule: null, condition: null }),
  unit: (name, known) => ({ name, parent: known?.parent ?? null, text: name, source: null }),
};
export const PREFIX = { sections: "s", objectives: "o", tasks: "t", duties: "d", responsibilities: "r" };

/** The kind of item at a path, a key of SPECS; null for parts of an item. */
export function kindOf(path) {
  const list = typeof path.at(-1) === "number" ? path.at(-2) : path.at(-1);
  if (list === "children") return "sections";
  return ["header", "signature"].includes(list) || typeof path.at(-1) === "number" ? (SPECS[list] ? list : null) : null;
}
