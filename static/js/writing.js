// What the form does once somebody writes in it: drafts on the server, whom it reaches, files in
// order. Loaded with the first stroke, not with the page.
import { $, $$, icon, make, on, post, say } from "./dom.js";
import { t } from "./strings.js";

const SAVE_AFTER = 1500;
const REACH_AFTER = 1000;
const area = (form) => $("textarea", form);
let toast = () => {}; // handed over: a module that both imported would be one more request of every page
const states = new WeakMap();
const stateOf = (form) => states.get(form) ?? states.set(form, { asked: "", reach: "" }).get(form);

// Everything but the files that are still to be sent: those have their own requests.
const fieldsOf = (form) => {
  const data = new FormData(form);
  data.delete("files");
  data.delete("alt_text");
  return data;
};

const same = (data) => new URLSearchParams([...data].filter(([name]) => !/^(csrf_token|draft_|idempotency)/.test(name))).toString();

/** Keep the form on the server; one request at a time, the last words last. */
export const save = async (form) => {
  const state = stateOf(form);
  clearTimeout(state.saving);
  if (!form.isConnected || !form.dataset.place) return false;
  if (state.busy) { state.again = true; return false; }
  const data = fieldsOf(form);
  const words = same(data);
  if (words === state.asked) return true;
  state.busy = new AbortController();
  let kept = false;
  try {
    const answer = await post("/drafts", data, { signal: state.busy.signal });
    if (answer.ok && !answer.redirected) {
      const draft = await answer.json();
      if (data.get("idempotency_key") === $("[name=idempotency_key]", form).value) {
        $("[name=draft_id]", form).value = draft.id ?? "";
        $("[name=draft_version]", form).value = draft.version;
        state.asked = words;
        form.dispatchEvent(new CustomEvent("composer:kept", { bubbles: true, detail: { empty: !draft.id } }));
      }
      kept = true;
    }
  } catch { /* offline, or sent meanwhile: this browser has it */ }
  state.busy = null;
  if (state.again) { state.again = false; later(form); }
  return kept;
};

const later = (form) => {
  const state = stateOf(form);
  clearTimeout(state.saving);
  state.saving = setTimeout(save, SAVE_AFTER, form);
};

/** The form was sent or emptied: nothing of it is on its way any more. */
export const stop = (form) => {
  const state = stateOf(form);
  clearTimeout(state.saving);
  clearTimeout(state.counting);
  state.busy?.abort();
  state.again = false;
  state.asked = state.reach = "";
};

// Whom it reaches changes with the audience, the names in the text and the time: not with each word.
const question = (form) => [
  $("[name=audience]", form)?.value, $("[name=voice]", form)?.value, $("[name=scheduled_date]", form)?.value,
  $("[name=scheduled_time]", form)?.value, $("[name=praised]", form)?.value, ...(area(form).value.match(/@[\p{L}\p{N}._-]+/gu) ?? []), !area(form).value.trim(),
].join("\n");

const count = async (form) => {
  const state = stateOf(form);
  const asked = question(form);
  const place = $("[data-reach]", form);
  if (!place || !form.isConnected || state.reach === asked) return;
  state.reach = asked;
  if (!area(form).value.trim()) { place.replaceChildren(); return; }
  try {
    const answer = await post("/posts/reach", fieldsOf(form));
    if (state.reach !== asked) return;
    if (answer.ok && !answer.redirected) place.innerHTML = await answer.text(); // our own template
    else place.replaceChildren();
  } catch { state.reach = ""; }
};

const soon = (form) => {
  const state = stateOf(form);
  clearTimeout(state.counting);
  state.counting = setTimeout(count, REACH_AFTER, form);
};

const heed = (_event, element) => {
  const { form } = element;
  if (!form?.dataset.place) return;
  if (!element.name?.startsWith("alt-") || element.type !== "file") later(form);
  soon(form);
};
for (const type of ["input", "change"]) on(type, "form[data-place] :is(textarea, input, select)", heed);
on("composer:files", "form[data-place]", (_event, form) => later(form));
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState !== "hidden") return;
  for (const form of $$("form[data-place]")) {
    const state = states.get(form);
    if (state?.saving && same(fieldsOf(form)) !== state.asked && !state.busy) post("/drafts", fieldsOf(form), { keepalive: true }).catch(() => {});
  }
});

on("click", "[data-save-draft]", async (event, button) => {
  const { form } = button;
  event.preventDefault();
  $(`#${form.id}-more`)?.hidePopover();
  stateOf(form).asked = "";
  if (!await save(form)) form.requestSubmit(button);
  area(form).focus({ preventScroll: true });
});

// Thrown away, with all that hangs on it; and all of it is there again when that was a mistake.
on("click", "[data-discard]", (_event, button) => {
  const form = button.closest("form");
  const text = area(form);
  const { value } = text;
  const id = $("[name=draft_id]", form)?.value;
  const held = $$(".composer__files, [data-part]", form);
  form.dispatchEvent(new CustomEvent("composer:discard", { bubbles: true }));
  if (id) post(`/drafts/${id}/delete`).catch(() => {});
  text.focus({ preventScroll: true });
  toast(t("discarded"), {
    label: t("undo"),
    act: () => {
      ($("[data-reach]", form) ?? $(".composer__bar", form)).before(...held);
      text.value = value;
      text.dispatchEvent(new Event("input", { bubbles: true }));
      text.focus();
    },
  });
});

// A plain form leaves the page, and what is written with it: not towards a server that is away.
addEventListener("submit", (event) => {
  const form = event.target;
  if (navigator.onLine || !form.matches("form[data-composer]:not([hx-post])")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  toast(t("offline"), { danger: true, label: t("retry"), act: () => form.requestSubmit(event.submitter) });
}, true);

// Files: a step up or down by button, or dragged. Their order in the form is their order in the post.
const step = (item, way) => {
  const other = way === "up" ? item.previousElementSibling : item.nextElementSibling;
  if (!other) return;
  if (way === "up") other.before(item); else other.after(item);
  const items = [...item.parentElement.children];
  say(t("fileMoved", { place: items.indexOf(item) + 1, count: items.length }));
  later(item.closest("form"));
};
on("click", "[data-step]", (event, button) => {
  event.preventDefault();
  step(button.closest(".composer__file"), button.dataset.step);
  button.focus({ preventScroll: true });
});
let dragged = null;
on("pointerdown", ".composer__file", (event, item) => { item.draggable = !event.target.closest("input, button, label"); });
on("dragstart", ".composer__file", (event, item) => { dragged = item; event.dataTransfer.effectAllowed = "move"; });
on("dragover", ".composer__file", (event, item) => {
  if (!dragged || dragged === item || dragged.parentElement !== item.parentElement) return;
  event.preventDefault();
  const items = [...item.parentElement.children];
  if (items.indexOf(dragged) < items.indexOf(item)) item.after(dragged); else item.before(dragged);
});
on("dragend", ".composer__file", (_event, item) => { dragged = null; item.draggable = false; later(item.closest("form")); });

// What the server drew of a file has a box to untick, for those without scripts: here it goes at once.
const tidy = (form) => {
  for (const box of $$(".composer__file input[type=checkbox][name=media_id]", form)) {
    const item = box.closest(".composer__file");
    const name = box.parentElement.textContent.trim();
    const remove = make("button", { type: "button", class: "btn btn--bare btn--icon", "aria-label": t("removeFile", { name }) }, icon("close"));
    remove.addEventListener("click", () => {
      item.remove();
      form.dispatchEvent(new CustomEvent("composer:files", { bubbles: true }));
      area(form).focus({ preventScroll: true });
    });
    item.append(make("input", { type: "hidden", name: "media_id", value: box.value }), remove);
    box.parentElement.replaceWith(make("span", { class: "truncate", text: name }));
  }
};

/** The form is used: give it its styles, and take up what was written before this was loaded. */
export const dress = (form, shows) => {
  toast = shows;
  tidy(form);
  if (!states.has(form) && form.dataset.place) {
    const state = stateOf(form);
    const text = area(form);
    if ("restored" in form.dataset && text.value === text.defaultValue) state.asked = same(fieldsOf(form));
    else if (text.value.trim()) later(form);
    soon(form);
  }
  const { sheet } = form.dataset;
  if (sheet && !$(`link[href="${sheet}"]`)) document.head.append(make("link", { rel: "stylesheet", href: sheet }));
};
