// Between what stands in the JSON and what a person reads and types.

/** "2026-09-30" as 30/9/2026, "2026-03" as 3/2026. */
export function shownDate(iso) {
  if (!iso) return "";
  return iso.split("-").reverse().map((part) => String(Number(part))).join("/");
}

/** What was typed as an ISO date; null when empty, undefined when it is no date. `month`: the day may be missing. */
export function typedDate(typed, month = false) {
  const text = typed.trim();
  if (!text) return null;
  const iso = text.match(/^(\d{4})-(\d{1,2})(?:-(\d{1,2}))?$/);
  const day = text.match(/^(?:(\d{1,2})[/.\- ])?(\d{1,2})[/.\- ](\d{4})$/);
  const [y, m, d] = iso ? [iso[1], iso[2], iso[3]] : day ? [day[3], day[2], day[1]] : [];
  if (!y || (!d && !month)) return undefined;
  const date = new Date(Date.UTC(Number(y), Number(m) - 1, Number(d ?? 1)));
  if (date.getUTCMonth() + 1 !== Number(m) || date.getUTCDate() !== Number(d ?? 1)) return undefined;
  const parts = [y, m.padStart(2, "0")];
  if (d) parts.push(d.padStart(2, "0"));
  return parts.join("-");
}

/** A whole number, "1.260.000.000" as people write it; null when empty, undefined when it is none. */
export function typedInt(typed) {
  const text = typed.trim().replace(/[.\s](?=\d{3}\b)/g, "");
  if (!text) return null;
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

/** A number, decimal comma or point. */
export function typedNumber(typed) {
  const text = typed.trim().replace(",", ".");
  if (!text) return null;
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
}

export const shownInt = (value) => (value === null || value === undefined ? "" : String(value).replace(/\B(?=(\d{3})+$)/g, value >= 10000 ? "." : ""));

/** A deadline in a few words. */
export function shownDeadline(deadline) {
  const dates = [deadline.start, deadline.due].filter(Boolean).map(shownDate).join(" – ");
  return dates || deadline.text || deadline.rrule || deadline.condition || "";
}
