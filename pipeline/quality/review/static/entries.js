// Every value of a plan that has a place of its own: its key (the server's, made of ids), path, part and sources.

const places = (node) => (node?.sources?.length ? node.sources : node?.source ? [node.source] : []);

/** All entries in the document's order: {key, path, part, card, text, places}. `card` is the path of the item they belong to. */
export function entriesOf(plan) {
  const found = [];
  const add = (part, key, path, card, text, node) => found.push({ part, key, path, card, text, places: places(node) });
  for (const [name, source] of Object.entries(plan.header.sources)) {
    if (plan.header[name] !== null) add("header", `header.${name}`, ["header", name], ["header"], String(plan.header[name]), { source });
  }
  plan.legal_bases.forEach((basis, n) => add("header", `basis${n + 1}`, ["legal_bases", n], ["legal_bases", n], basis.text, basis));
  for (const { node, path } of sectionsOf(plan.sections)) add("sections", node.id, path, path, `${node.label} ${node.title}`, node);
  const item = (part, node, path, card = path) => {
    add(part, node.id, path, card, node.text, node);
    for (const name of ["deadlines", "lead_units", "coordinating_units"]) {
      (node[name] ?? []).forEach((each, n) => add(part, `${node.id}.${name}.${n + 1}`, [...path, name, n], card, each.text, each));
    }
  };
  plan.objectives.forEach((node, n) => item("objectives", node, ["objectives", n]));
  plan.tasks.forEach((node, n) => item("tasks", node, ["tasks", n]));
  plan.responsibilities.forEach((node, n) => {
    const path = ["responsibilities", n];
    add("responsibilities", node.id, [...path, "unit"], path, node.unit.name, node.unit.source ? node.unit : node);
    node.duties.forEach((duty, k) => item("responsibilities", duty, [...path, "duties", k], path));
  });
  plan.tables.forEach((table, n) => add("tables", table.id, ["tables", n], ["tables", n], table.title ?? "", table));
  plan.recipients.forEach((node, n) => add("closing", `recipient${n + 1}`, ["recipients", n], ["recipients", n], node.name, node));
  if (plan.signature) add("closing", "signature", ["signature"], ["signature"], plan.signature.name ?? "", plan.signature);
  return found;
}

/** Sections with their paths, parents first. */
export function* sectionsOf(nodes, path = ["sections"]) {
  for (const [n, node] of nodes.entries()) {
    const here = [...path, n];
    yield { node, path: here };
    yield* sectionsOf(node.children, [...here, "children"]);
  }
}

/** The part of the page on the right in which a path is edited. */
export function partOf(path) {
  const first = path[0];
  if (["header", "legal_bases"].includes(first)) return "header";
  if (["sections", "objectives", "tasks", "responsibilities", "tables"].includes(first)) return first;
  return "closing";
}

/** An id that no item has yet. */
export function freshId(plan, prefix) {
  const taken = new Set(JSON.stringify(plan).match(/"id":"[^"]*"/g));
  let number = 1;
  while (taken.has(`"id":"${prefix}${number}"`)) number += 1;
  return `${prefix}${number}`;
}
