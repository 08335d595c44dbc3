// Writing: grows with the text, counts, and never loses a draft.
import { $, $$, make, on, post, say, viewerId } from "./dom.js";
import { t } from "./strings.js";
import { toast } from "./toasts.js";

const soft = (form) => Number(form.dataset.softLimit) || 500; // beyond this a post is no longer short: the counter says so
const grows = CSS.supports("field-sizing", "content");
const area = (form) => $("textarea", form);
const keyOf = (form) => `draft:${viewerId}:${form.dataset.draft || new URL(form.action).pathname}`;
const timers = new WeakMap();

const counter = (form) => {
  const found = $("[data-count]", form);
  if (found || !$(".composer__bar", form)) return found;
  const made = make("span", { class: "composer__count num", "data-count": true });
  $(".composer__bar .btn--go", form)?.before(made);
  return made;
};

const update = (form) => {
  const text = area(form);
  if (!grows) { text.style.height = "auto"; text.style.height = `${text.scrollHeight}px`; }
  const place = counter(form);
  const length = [...text.value].length;
  const limit = Number(form.dataset.limit) || Infinity;
  if (place) {
    const long = length > soft(form);
    place.textContent = length > soft(form) * 0.8 ? `${long && limit < Infinity ? limit - length : soft(form) - length}` : "";
    place.dataset.state = length > limit ? "over" : long ? "long" : "";
  }
};

const note = (form, words) => {
  let place = $(".composer__note", form);
  if (!place) {
    place = make("p", { class: "composer__note" }, make("span"));
    form.append(place);
  }
  if (words) use(form); // what throws it away
  if (!$("[data-discard]", place)) place.append(make("button", { type: "button", class: "link", "data-discard": true, text: t("discard") }));
  place.hidden = !words;
  $("span", place).textContent = words;
};

/** Write the draft down now; an empty one is forgotten. */
const keep = (form) => {
  const { value } = area(form);
  try {
    if (!value.trim()) { localStorage.removeItem(keyOf(form)); note(form, ""); return; }
    const audience = $("[name=audience]", form)?.value;
    localStorage.setItem(keyOf(form), JSON.stringify({ value, audience }));
  } catch { return; } // storage full or forbidden: the page still works
  const clock = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  note(form, t("draftSaved", { time: clock }));
};

// The rest of it comes with the first stroke: drafts on the server, whom it reaches, order of files.
let writing = null;
const use = (form) => {
  writing ??= import("./writing.js");
  writing.then(({ dress }) => dress(form, toast));
};
on("focusin", "form[data-composer]", (_event, form) => use(form));
on("composer:kept", "form[data-place]", ({ detail }, form) => {
  try { localStorage.removeItem(keyOf(form)); } catch { /* as above */ }
  if (detail.empty) note(form, "");
});

const forget = (form) => {
  clearTimeout(timers.get(form));
  writing?.then(({ stop }) => stop(form));
  try { localStorage.removeItem(keyOf(form)); } catch { /* as above */ }
};

const clear = (form) => {
  forget(form);
  area(form).value = "";
  form.dispatchEvent(new CustomEvent("composer:clear"));
  for (const name of ["draft_id", "draft_version"]) { const field = $(`[name=${name}]`, form); if (field) field.value = ""; }
  $("[data-reach]", form)?.replaceChildren();
  $("[data-preview]", form)?.remove();
  $$("[data-part]", form).forEach((part) => part.remove()); // warning, poll and time were of that post
  const once = $("[name=idempotency_key]", form);
  if (once) once.value = crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;
  note(form, "");
  update(form);
};

const restore = (form) => {
  const text = area(form);
  update(form);
  if (form.dataset.composer === "edit") return;
  const server = "restored" in form.dataset;
  if (server) note(form, t("draftRestored"));
  else if (text.value.trim()) return;
  let kept = null;
  try { kept = JSON.parse(localStorage.getItem(keyOf(form))); } catch { return; }
  if (!kept?.value || kept.value === text.value) return;
  text.value = kept.value;
  // Written here while the server could not be reached: it wins, and what the server has is kept too.
  if (server) $("[name=draft_version]", form).value = "0";
  const audience = $("[name=audience]", form);
  if (kept.audience && audience?.tagName === "SELECT" && $$("option", audience).some((option) => option.value === kept.audience)) audience.value = kept.audience;
  update(form);
  note(form, t("draftRestored"));
};

on("input", "[data-composer] textarea", (_event, text) => {
  const { form } = text;
  update(form);
  if (form.dataset.composer === "edit") return;
  clearTimeout(timers.get(form));
  timers.set(form, setTimeout(keep, 800, form));
});
on("change", "[data-composer] [name=audience]", (_event, choice) => keep(choice.form));

on("keydown", "[data-composer] textarea", (event, text) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    text.form.requestSubmit();
  } else if (event.key === "Escape" && !event.defaultPrevented) {
    text.blur(); // the draft stays
  }
});

on("composer:discard", "form[data-composer]", (_event, form) => clear(form));

// Sent: by htmx the form is emptied once the server has taken it; a plain form leaves the page.
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  const form = detail.elt.closest?.("form[data-composer]");
  if (!form || detail.elt !== form) return;
  const { status } = detail.xhr; // htmx does not call it a success when the answer leads elsewhere
  if (status < 200 || status > 399) return;
  if (form.dataset.composer === "edit") return;
  if (form.isConnected) clear(form); else forget(form);
  say(t("published"));
});
on("submit", "form[data-composer]:not([hx-post])", (event, form) => {
  if (!event.defaultPrevented) forget(form);
});

// "Post" in the phone's bar leads to the composer of this page if it has one.
on("click", "[data-compose]", (event) => {
  const text = $("[data-composer]:not([data-composer=reply]) textarea");
  if (!text) return;
  event.preventDefault();
  text.focus();
});

const begin = (within) => $$("form[data-composer]", within).forEach((form) => {
  restore(form);
  if ($("[data-step]", form)) use(form); // files that are there can be moved at once
  if ($("[data-people]", form)) import("./people.js").then(({ dress }) => dress(form));
});
begin(document);
if (location.hash === "#compose") $("#compose textarea")?.focus();
document.addEventListener("htmx:load", ({ detail }) => {
  if (detail.elt !== document.body) begin(detail.elt.parentElement ?? document);
});
