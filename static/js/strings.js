// Sentences in the reader's language, written into the page by layouts/_strings.html.
import { $ } from "./dom.js";

const strings = JSON.parse($("#strings")?.textContent ?? "{}");

/** The sentence of that name, its {holes} filled. */
export const t = (name, values = {}) =>
  (strings[name] ?? name).replace(/\{(\w+)\}/g, (hole, key) => values[key] ?? hole);

/** Anything else that the page hands to scripts: lists and addresses. */
export const given = (name) => strings[name];
