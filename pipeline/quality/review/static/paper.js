// The pages on the left: pictures that load as they come near, boxes over what was read, zoom.

import { byId, folded, h, svg, visible } from "./dom.js";
import { t } from "./words.js";

const A4 = { width: 595, height: 842 };
const WIDE = 0.12; // of the page: boxes of tables are drawn as outlines
const ZOOMS = [0.5, 0.75, 1, 1.25, 1.5, 2, 2.5, 3];

export class Paper {
  /** `pick(key)` is called for a box that is clicked. */
  constructor(api, payload, pick) {
    this.api = api;
    this.pick = pick;
    this.root = byId("paper");
    this.kind = payload.source;
    this.widths = payload.widths;
    this.zoom = 1;
    this.sizes = new Map(payload.document.source.page_info.map((info) => [info.page, info]));
    this.count = payload.document.source.pages;
    this.byPage = new Map();
    this.lit = null;
    this.near = new IntersectionObserver((seen) => seen.forEach((each) => this.load(each.target, each.isIntersecting)), {
      root: this.root,
      rootMargin: "100% 0px",
    });
    this.here = new IntersectionObserver((seen) => this.count && this.showNumber(seen), { root: this.root, threshold: 0.5 });
    this.build();
    this.wire();
  }

  build() {
    byId("page-count").textContent = `/ ${this.count}`;
    this.figures = [];
    const pieces = document.createDocumentFragment();
    if (this.kind === "none") pieces.append(h("p", { class: "note" }, t("no_source")));
    for (let number = 1; number <= this.count; number += 1) {
      const size = this.sizes.get(number) ?? A4;
      const sheet = h("div", { class: "sheet" });
      sheet.style.aspectRatio = `${size.width} / ${size.height}`;
      const figure = h("figure", { "data-page": number, id: `page-${number}` }, h("figcaption", {}, `${t("page")} ${number}`), sheet);
      this.figures.push(figure);
      pieces.append(figure);
    }
    this.root.replaceChildren(pieces);
    this.figures.forEach((figure) => {
      this.near.observe(figure);
      this.here.observe(figure);
    });
    if (this.kind === "text") this.loadTexts();
    this.resize();
  }

  async loadTexts() {
    const { pages } = await this.api.ask("/pages");
    this.root.classList.add("texts");
    pages.forEach((text, n) => {
      const sheet = this.figures[n]?.querySelector(".sheet");
      if (!sheet) return;
      sheet.style.aspectRatio = "";
      sheet.classList.add("text");
      sheet.replaceChildren(...text.split("\n").map((line) => h("div", { class: "line" }, h("bdi", {}, visible(line) || " "))));
    });
  }

  wire() {
    byId("zoom-in").addEventListener("click", () => this.zoomBy(1));
    byId("zoom-out").addEventListener("click", () => this.zoomBy(-1));
    byId("zoom-fit").addEventListener("click", () => this.zoomTo(1));
    byId("boxes").addEventListener("change", (event) => this.root.classList.toggle("bare", !event.target.checked));
    byId("page-number").addEventListener("change", (event) => this.show(Number.parseInt(event.target.value, 10)));
    new ResizeObserver(() => this.resize()).observe(this.root);
  }

  zoomBy(step) {
    const at = ZOOMS.findIndex((each) => each >= this.zoom);
    this.zoomTo(ZOOMS[Math.min(ZOOMS.length - 1, Math.max(0, at + step))]);
  }

  zoomTo(zoom) {
    const before = this.root.scrollTop / Math.max(1, this.root.scrollHeight);
    this.zoom = zoom;
    this.resize();
    this.root.scrollTop = before * this.root.scrollHeight;
    this.figures.forEach((figure) => figure.querySelector("img") && this.load(figure, true));
  }

  resize() {
    this.root.style.setProperty("--sheet", `${Math.round((this.root.clientWidth - 24) * this.zoom)}px`);
  }

  /** The picture and the boxes of a page that comes near; both go when it is far. */
  load(figure, near) {
    const sheet = figure.querySelector(".sheet");
    if (this.kind === "text") return;
    if (!near) {
      sheet.replaceChildren();
      return;
    }
    const number = Number(figure.dataset.page);
    const wanted = sheet.clientWidth * Math.min(2, window.devicePixelRatio || 1);
    const width = this.widths.slice(1).find((each) => each >= wanted) ?? this.widths.at(-1);
    const address = `${this.api.pages}/${number}/${width}`;
    let picture = sheet.querySelector("img");
    if (this.kind === "pictures" && picture?.getAttribute("src") !== address) {
      picture?.remove();
      picture = h("img", { src: address, alt: `${t("page")} ${number}`, decoding: "async", draggable: "false" });
      picture.addEventListener("error", () => picture.replaceWith(h("p", { class: "note" }, t("no_picture"))));
      sheet.prepend(picture);
    }
    if (!sheet.querySelector("svg")) sheet.append(this.overlay(number));
  }

  overlay(number) {
    const size = this.sizes.get(number) ?? A4;
    const boxes = [...(this.byPage.get(number) ?? [])].sort((a, b) => area(b.box) - area(a.box));
    const drawing = svg("svg", { viewBox: `0 0 ${size.width} ${size.height}`, "aria-hidden": "true" });
    for (const { key, box, state } of boxes) {
      const [x0, y0, x1, y1] = box;
      const rectangle = svg("rect", {
        x: x0 - 2, y: y0 - 2, width: Math.max(4, x1 - x0 + 4), height: Math.max(4, y1 - y0 + 4), rx: 2,
        class: `${state}${area(box) > WIDE * size.width * size.height ? " wide" : ""}${key === this.lit ? " lit" : ""}`, "data-key": key,
      });
      rectangle.addEventListener("click", () => this.pick(key));
      drawing.append(rectangle);
    }
    return drawing;
  }

  /** The boxes of all entries; `state(key)` is doubt, seen or plain. */
  setEntries(entries, state) {
    this.byPage.clear();
    this.texts = new Map(entries.map((entry) => [entry.key, entry]));
    for (const { key, places } of entries) {
      for (const { page, bbox } of places) {
        if (!bbox) continue;
        if (!this.byPage.has(page)) this.byPage.set(page, []);
        this.byPage.get(page).push({ key, box: bbox, state: state(key) });
      }
    }
    for (const figure of this.figures) {
      const drawing = figure.querySelector("svg");
      if (drawing) drawing.replaceWith(this.overlay(Number(figure.dataset.page)));
    }
  }

  /** Light up the boxes of `key` and bring the first into view; a page alone when there is no box. */
  light(key, places = [], page = null) {
    this.lit = key;
    this.root.querySelectorAll("rect").forEach((each) => each.classList.toggle("lit", each.dataset.key === key));
    const first = places.find((place) => place.bbox) ?? places[0];
    const number = first?.page ?? page;
    if (!number || !this.figures[number - 1]) return;
    const figure = this.figures[number - 1];
    if (this.kind === "text") {
      this.lightLine(figure, key);
      return;
    }
    const sheet = figure.querySelector(".sheet");
    const size = this.sizes.get(number) ?? A4;
    const down = first?.bbox ? ((first.bbox[1] + first.bbox[3]) / 2 / size.height) * sheet.clientHeight : 0;
    const across = first?.bbox ? ((first.bbox[0] + first.bbox[2]) / 2 / size.width) * sheet.clientWidth : 0;
    const top = figure.offsetTop + sheet.offsetTop + down - (first?.bbox ? this.root.clientHeight / 2 : 30);
    this.root.scrollTo({ top, left: Math.max(0, sheet.offsetLeft + across - this.root.clientWidth / 2) });
  }

  /** In a dump there are no boxes: the line that begins like the value. */
  lightLine(figure, key) {
    this.root.querySelectorAll(".line.lit").forEach((each) => each.classList.remove("lit"));
    const begin = folded(this.texts?.get(key)?.text).slice(0, 24);
    const lines = [...figure.querySelectorAll(".line")];
    const line = begin && lines.find((each) => folded(each.textContent).includes(begin));
    (line || figure).scrollIntoView({ block: line ? "center" : "start" });
    if (line) line.classList.add("lit");
  }

  show(number) {
    if (number >= 1 && number <= this.count) this.root.scrollTo({ top: this.figures[number - 1].offsetTop - 4 });
  }

  showNumber(seen) {
    const shown = seen.filter((each) => each.isIntersecting).at(-1);
    if (shown && document.activeElement !== byId("page-number")) byId("page-number").value = shown.target.dataset.page;
  }
}

const area = ([x0, y0, x1, y1]) => (x1 - x0) * (y1 - y0);
