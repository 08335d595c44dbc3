// "@ann": proposals under the text, only of people who may see the post (the server decides).
import { $, face, make, on, say } from "./dom.js";
import { given, t } from "./strings.js";

const PATTERN = /(^|[\s(])@([\p{L}\p{N}._-]{1,40})$/u;
let open = null; // { text, box, items, at }
let asked = 0;

const close = () => {
  if (!open) return;
  open.box.remove();
  open.text.removeAttribute("aria-activedescendant");
  open.text.removeAttribute("aria-controls");
  open = null;
};

const mark = (at) => {
  open.at = at;
  open.items.forEach((item, index) => item.setAttribute("aria-selected", index === at));
  open.text.setAttribute("aria-activedescendant", open.items[at].id);
};

const choose = (handle) => {
  const { text } = open;
  const before = text.value.slice(0, text.selectionStart).replace(/@[^@]*$/, `@${handle} `);
  const after = text.value.slice(text.selectionStart).replace(/^ /, "");
  text.value = before + after;
  text.setSelectionRange(before.length, before.length);
  close();
  text.dispatchEvent(new Event("input", { bubbles: true }));
};

const draw = (text, people) => {
  close();
  if (!people.length) return;
  const items = people.map((person, index) => make("li", { role: "option", id: `mention-${index}`, "data-handle": person.handle },
    face(person),
    make("span", {}, make("b", { text: person.name }), ` @${person.handle}`, person.title ? make("small", { text: person.title }) : "")));
  const box = make("ul", { class: "mentions", role: "listbox", id: "mentions", "aria-label": t("mentionsLabel") }, ...items);
  text.after(box);
  text.setAttribute("aria-autocomplete", "list");
  text.setAttribute("aria-controls", "mentions");
  open = { text, box, items, at: 0 };
  mark(0);
  say(t("mentionsFound", { count: people.length }));
};

const look = async (text) => {
  const word = PATTERN.exec(text.value.slice(0, text.selectionStart))?.[2];
  const mine = ++asked;
  if (!word) return close();
  const address = new URL(given("mentions"), location);
  const form = text.form;
  address.searchParams.set("q", word);
  address.searchParams.set("audience", form.dataset.audience || $("[name=audience]", form)?.value || "");
  try {
    const people = await (await fetch(address)).json();
    if (mine === asked && document.activeElement === text) draw(text, people);
  } catch { close(); }
};

let timer;
on("input", "[data-composer] textarea", (_event, text) => {
  clearTimeout(timer);
  timer = setTimeout(look, 150, text);
});
on("keydown", "[data-composer] textarea", (event) => {
  if (!open) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) mark((open.at + step + open.items.length) % open.items.length);
  else if (event.key === "Enter" || event.key === "Tab") choose(open.items[open.at].dataset.handle);
  else if (event.key === "Escape") close();
  else return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);
on("pointerdown", ".mentions [role=option]", (event, item) => {
  event.preventDefault();
  choose(item.dataset.handle);
});
on("focusout", "[data-composer] textarea", () => setTimeout(close, 100));
