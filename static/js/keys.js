// Shortcuts: never while typing, never with a modifier, and off when the reader says so.
import { $, $$, make, on, root } from "./dom.js";
import { given, t } from "./strings.js";

const typing = (element) => element.matches?.("input:not([type=checkbox],[type=radio]),textarea,select,[contenteditable]");
const posts = () => $$("article.post");
const current = () => document.activeElement?.closest("article.post");

const move = (step) => {
  const all = posts();
  const at = all.indexOf(current());
  // From nowhere, j begins with the first post in sight.
  const next = at >= 0 ? all[at + step] : all.find((post) => post.getBoundingClientRect().bottom > 80);
  if (!next) return;
  if (!next.hasAttribute("tabindex")) next.tabIndex = -1;
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "start" }); // the style sheet leaves room for the bar
};

const press = (element) => {
  if (!element) return false;
  if (element.matches("input,textarea")) element.focus();
  else element.click();
  return true;
};

let list;
export const showKeys = () => {
  if (!list) {
    const rows = given("keys").map(([keys, words]) =>
      make("div", {}, make("dt", {}, ...keys.split(" ").map((key) => make("kbd", { text: key }))), make("dd", { text: words })));
    list = make("dialog", { class: "dialog", "aria-labelledby": "keys-title" },
      make("h2", { id: "keys-title", class: "title", text: t("keysTitle") }),
      make("dl", { class: "keys" }, ...rows),
      make("p", { class: "dim", text: t("keysOff") }),
      make("form", { method: "dialog", class: "form__foot" }, make("button", { class: "btn", autofocus: true, text: t("close") })));
    document.body.append(list);
  }
  list.showModal();
};

let going = false;
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
  if (event.key === "Escape" && event.target.matches?.(".search input")) event.target.blur();
  if (root.dataset.keys === "off" || typing(event.target) || $("dialog[open]")) return;
  const { key } = event;
  if (going) {
    going = false;
    const address = given("go")?.[key];
    if (address) { event.preventDefault(); location.assign(address); }
    return;
  }
  const handled = {
    g: () => { going = true; setTimeout(() => { going = false; }, 1200); return true; },
    j: () => { move(1); return true; },
    k: () => { move(-1); return true; },
    "?": () => { showKeys(); return true; },
    ".": () => press($(".live:not([hidden])")),
    "/": () => press($(".topbar .search input")?.offsetParent ? $(".topbar .search input") : $("a[href*='/search']")),
    t: () => press($("[data-today]")),
    n: () => press($("[data-composer] textarea")) || press($("[data-compose]")),
  }[key]?.() ?? (/^[a-z]$/.test(key) && press($(`[data-key="${key}"]`, current() ?? $("article.post[data-open]") ?? make("i"))));
  if (handled) event.preventDefault();
});

on("click", "[data-show-keys]", (_event, button) => {
  button.closest("[popover]")?.hidePopover();
  showKeys();
});
