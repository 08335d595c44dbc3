// The field of people who are praised: names are looked up as for "@ann", each one chosen stands as
// a chip with picture and name. Without this script it is a field of plain @names.
import { $, $$, face, icon, make, on, say } from "./dom.js";
import { given, t } from "./strings.js";

const LATER = 150;
const states = new WeakMap();
let made = 0;

const find = async (form, word) => {
  const address = new URL(given("mentions"), location);
  address.searchParams.set("q", word);
  address.searchParams.set("people", "1");
  address.searchParams.set("audience", form.dataset.audience || $("[name=audience]", form)?.value || "");
  return (await fetch(address)).json();
};

const chips = (box) => $$("[data-handle]", $(".people__chosen", box));
const handles = (box) => chips(box).map((chip) => chip.dataset.handle);

/** What the form sends: the chips, and what is typed and not yet one: nothing is lost unseen. */
const keep = (box) => {
  const { hidden, text } = states.get(box);
  hidden.value = [...handles(box).map((handle) => `@${handle}`), text.value.trim()].filter(Boolean).join(" ");
  text.hidden = chips(box).length >= Number(box.dataset.most);
  hidden.dispatchEvent(new Event("change", { bubbles: true }));
};

const close = (box) => {
  const state = states.get(box);
  state.asked += 1;
  state.list.replaceChildren();
  state.list.hidden = true;
  state.text.setAttribute("aria-expanded", "false");
  state.text.removeAttribute("aria-activedescendant");
};

const mark = (box, at) => {
  const { list, text } = states.get(box);
  [...list.children].forEach((item, index) => item.setAttribute("aria-selected", index === at));
  text.setAttribute("aria-activedescendant", list.children[at].id);
};

const marked = (box) => [...states.get(box).list.children].findIndex((item) => item.ariaSelected === "true");

const chip = (person) => make("li", { class: "people__one", "data-handle": person.handle, "data-unknown": person.unknown },
  person.unknown ? icon("alert", "sm") : face(person),
  make("span", { text: person.name }),
  make("button", { type: "button", class: "btn btn--bare btn--icon", "data-let-go": true, "aria-label": t("removeFile", { name: person.name }) }, icon("close", "sm")));

const add = (box, person) => {
  const { text } = states.get(box);
  text.value = "";
  if (!handles(box).includes(person.handle) && chips(box).length < Number(box.dataset.most)) $(".people__chosen", box).append(chip(person));
  close(box);
  keep(box);
  if (text.hidden) $(".people__chosen", box).lastElementChild.querySelector("button").focus();
};

const letGo = (box, gone) => {
  const next = gone.nextElementSibling ?? gone.previousElementSibling;
  const name = $("span:not(.avatar)", gone).textContent;
  gone.remove();
  keep(box);
  (next ? $("button", next) : states.get(box).text).focus({ preventScroll: true });
  say(`${name} −`);
};

const look = async (box) => {
  const state = states.get(box);
  const word = state.text.value.trim().replace(/^@/, "");
  const mine = ++state.asked;
  if (!word) return close(box);
  let people;
  try { people = await find(state.text.form, word); } catch { return close(box); }
  if (mine !== state.asked || document.activeElement !== state.text) return;
  const there = handles(box);
  people = people.filter((person) => !there.includes(person.handle));
  if (!people.length) return close(box);
  state.found = people;
  state.list.replaceChildren(...people.map((person, index) => make("li", { role: "option", id: `${state.list.id}-${index}` },
    face(person), make("span", {}, make("b", { text: person.name }), ` @${person.handle}`, person.title ? make("small", { text: person.title }) : ""))));
  state.list.hidden = false;
  state.text.setAttribute("aria-expanded", "true");
  mark(box, 0);
  say(t("mentionsFound", { count: people.length }));
};

/** A handle that was written out becomes a chip, a marked one when it is nobody's here. */
const take = async (box, handle) => {
  const { form } = states.get(box).text;
  let people = [];
  try { people = await find(form, handle); } catch { return; }
  const person = people.find((one) => one.handle === handle.toLowerCase());
  add(box, person ?? { handle, name: `@${handle}`, unknown: true });
};

const takeAll = async (box, words) => {
  for (const word of words.split(/[\s,;]+/).map((one) => one.replace(/^@/, "")).filter(Boolean)) await take(box, word);
};

export const dress = (form) => {
  for (const box of $$("[data-people]", form)) {
    if (states.has(box)) continue;
    const field = $("input", box);
    const focused = document.activeElement === field;
    const hidden = make("input", { type: "hidden", name: field.name });
    const list = make("ul", { class: "mentions", role: "listbox", id: `people-${++made}`, "aria-label": $("label", box).textContent });
    const words = field.value;
    list.hidden = true;
    hidden.value = words;
    field.removeAttribute("name");
    field.removeAttribute("placeholder");
    field.value = "";
    for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id })) field.setAttribute(name, value);
    const chosen = make("ul", { class: "people__chosen", role: "list" });
    const row = make("div", { class: "people__row" });
    field.before(row);
    row.append(chosen, field, list);
    box.append(hidden);
    states.set(box, { text: field, hidden, list, asked: 0, found: [] });
    if (focused) field.focus({ preventScroll: true });
    if (words.trim()) takeAll(box, words);
  }
};

const boxOf = (element) => element.closest("[data-people]");
let timer;
on("input", "[data-people] [role=combobox]", (_event, text) => {
  const box = boxOf(text);
  clearTimeout(timer);
  if (/[\s,;]$/.test(text.value) && /^@\S+[\s,;]+$/.test(text.value)) {
    const words = text.value;
    text.value = "";
    takeAll(box, words);
    return;
  }
  keep(box);
  timer = setTimeout(look, LATER, box);
});
on("paste", "[data-people] [role=combobox]", (event, text) => {
  const words = event.clipboardData.getData("text");
  if (!/@\S+[\s,;]+@/.test(words)) return;
  event.preventDefault();
  takeAll(boxOf(text), words);
});
on("keydown", "[data-people] [role=combobox]", (event, text) => {
  const box = boxOf(text);
  const { list, found } = states.get(box);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const last = $(".people__chosen", box).lastElementChild;
  if (!list.hidden && step) mark(box, (marked(box) + step + found.length) % found.length);
  else if (!list.hidden && (event.key === "Enter" || event.key === "Tab")) add(box, found[marked(box)]);
  else if (!list.hidden && event.key === "Escape") close(box);
  else if (event.key === "Enter" && !event.ctrlKey && text.value.trim()) takeAll(box, text.value);
  else if (["Backspace", "ArrowLeft"].includes(event.key) && last && text.selectionEnd === 0) $("button", last).focus();
  else return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);
on("focusout", "[data-people] [role=combobox]", (_event, text) => setTimeout(() => { if (document.activeElement !== text) close(boxOf(text)); }, LATER));
on("pointerdown", "[data-people] [role=option]", (event, item) => {
  event.preventDefault();
  const box = boxOf(item);
  add(box, states.get(box).found[[...item.parentElement.children].indexOf(item)]);
});
on("click", "[data-let-go]", (_event, button) => letGo(boxOf(button), button.closest("li")));
on("keydown", "[data-let-go]", (event, button) => {
  const box = boxOf(button);
  const one = button.closest("li");
  if (["Backspace", "Delete"].includes(event.key)) letGo(box, one);
  else if (event.key === "ArrowLeft") $("button", one.previousElementSibling ?? one).focus();
  else if (event.key === "ArrowRight") (one.nextElementSibling ? $("button", one.nextElementSibling) : states.get(box).text).focus();
  else return;
  event.preventDefault();
});
