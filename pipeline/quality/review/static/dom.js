// Elements made without HTML: whatever a document says stays text.

const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

/** `text` with invisible and direction-changing characters spelled out, so that nothing looks other than it is. */
export function visible(text) {
  return String(text ?? "").replace(CONTROLS, (c) => `‹U+${c.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}›`);
}

/** An element; `props` are attributes, `on…` listeners, `value`/`checked`/`disabled` properties; children are nodes or text. */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  set(element, props);
  element.append(...children.flat(9).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

const PROPERTIES = new Set(["value", "checked", "disabled", "hidden", "selected", "open"]);

function set(element, props) {
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (PROPERTIES.has(name)) element[name] = value;
    else if (value === false) continue;
    else element.setAttribute(name, value === true ? "" : value);
  }
}

/** An element of a picture. */
export function svg(tag, props = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  set(element, props);
  element.append(...children);
  return element;
}

/** Text of a document, on its own as to the direction of writing. */
export const words = (text) => h("bdi", {}, visible(text));

export const byId = (id) => document.getElementById(id);

/** `text` without marks and case, as it is searched. */
export const folded = (text) =>
  String(text ?? "").replace(/[đĐ]/g, "d").normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/\s+/g, " ").trim();

/** `act` once, `wait` milliseconds after the last call. */
export function later(act, wait) {
  let timer;
  const call = (...given) => {
    clearTimeout(timer);
    timer = setTimeout(() => act(...given), wait);
  };
  call.cancel = () => clearTimeout(timer);
  return call;
}
