// The list: what is typed filters it at once; the server does the finding.

import { byId, later } from "./dom.js";

const form = byId("filter");
let asked = 0;

const find = later(async () => {
  asked += 1;
  const mine = asked;
  const query = new URLSearchParams(new FormData(form));
  const response = await fetch(`/?${query}`);
  if (!response.ok || mine !== asked) return;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  for (const id of ["found", "count"]) byId(id).replaceChildren(...document.importNode(page.getElementById(id), true).childNodes);
  history.replaceState(null, "", `/?${query}`);
}, 200);

form.addEventListener("input", find);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  find();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "/" && !event.target.matches("input, select")) {
    event.preventDefault();
    form.elements.q.focus();
  }
});
