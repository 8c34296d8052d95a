// The words of the page in its language.

let known = {};

export async function loadWords() {
  const response = await fetch(`/words/${document.documentElement.lang}`);
  known = await response.json();
}

/** The word for `key`; the key itself where there is none. */
export const t = (key) => known[key] ?? key;
