// Pictures and files by choosing, dropping or pasting: sent at once, described by their author.
import { $, $$, icon, make, on, post } from "./dom.js";
import { refusal } from "./requests.js";
import { t } from "./strings.js";
import { toast } from "./toasts.js";

const list = (form) => {
  let place = $(".composer__files", form);
  if (!place) {
    place = make("ul", { class: "composer__files" });
    const row = $(".composer__row", form);
    if (row) row.after(place); else form.lastElementChild.before(place);
  }
  return place;
};

const waiting = (form) => $$(".composer__file[aria-busy]", form).length;

const send = async (form, file) => {
  const name = make("span", { class: "truncate", text: file.name });
  const picture = make("span", { class: "composer__thumb" }, icon(file.type.startsWith("image/") ? "image" : "file"));
  const words = make("div", { class: "grow gap" }, name);
  const remove = make("button", { type: "button", class: "btn btn--bare btn--icon", "aria-label": t("removeFile", { name: file.name }) }, icon("close"));
  const item = make("li", { class: "composer__file", "aria-busy": "true" }, picture, words, remove);
  const changed = () => form.dispatchEvent(new CustomEvent("composer:files", { bubbles: true }));
  const stepButton = (way, label) => make("button", { type: "button", class: "btn btn--bare btn--icon", "data-step": way, "aria-label": t(label, { name: file.name }) }, icon(way, "sm"));
  remove.addEventListener("click", () => { item.remove(); changed(); area(form)?.focus({ preventScroll: true }); });
  list(form).append(item);
  const data = new FormData();
  data.set("file", file);
  try {
    const answer = await post(form.dataset.upload, data);
    if (!answer.ok) throw Object.assign(new Error(refusal(await answer.text()) ?? t("uploadFailed", { name: file.name })), { final: answer.status < 429 });
    const media = await answer.json();
    item.append(make("input", { type: "hidden", name: "media_id", value: media.id }));
    item.removeAttribute("aria-busy");
    remove.before(make("span", { class: "composer__steps" }, stepButton("up", "fileUp"), stepButton("down", "fileDown")));
    changed();
    if (!media.preview_url) return;
    picture.replaceChildren(make("img", { src: media.preview_url, alt: "" }));
    const id = `alt-${media.id}`;
    const input = make("input", { id, name: id, maxlength: 1500, placeholder: t("altHint") });
    input.addEventListener("change", () => post(`${form.dataset.upload}/${media.id}/description`, { alt_text: input.value }).catch(() => {})); // it goes with the form too
    words.append(make("div", { class: "field" }, make("label", { for: id, text: t("altLabel") }), input));
  } catch (error) {
    item.remove();
    const offline = error instanceof TypeError;
    // What was refused would be refused again.
    toast(offline ? t("offline") : error.message, { danger: true, ...error.final ? {} : { label: t("retry"), act: () => send(form, file) } });
  }
};
const area = (form) => $("textarea", form);

const take = (form, files) => {
  const most = Number(form.dataset.mostFiles) || Infinity;
  const free = most - $$(".composer__file", form).length;
  if (files.length > free) toast(t("tooManyFiles", { most }), { danger: true });
  for (const file of files.slice(0, Math.max(free, 0))) send(form, file);
};

on("change", "form[data-upload] input[type=file]", (_event, input) => {
  take(input.form, [...input.files]);
  input.value = ""; // sent already: not once more with the form
});
on("paste", "form[data-upload] textarea", (event, text) => {
  const files = [...(event.clipboardData?.files ?? [])];
  if (!files.length) return;
  event.preventDefault();
  take(text.form, files);
});
for (const type of ["dragover", "dragleave", "drop"]) {
  on(type, "form[data-upload]", (event, form) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    form.toggleAttribute("data-drag", type === "dragover");
    if (type === "drop") take(form, [...event.dataTransfer.files]);
  });
}

// Not before everything has arrived.
on("click", "form[data-upload] button:is([hx-post], [data-save-draft])", (event, button) => {
  if (!waiting(button.form)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  toast(t("uploading"));
}, true);
// At the window: before the form counts as under way, which it would stay.
addEventListener("submit", (event) => {
  if (!waiting(event.target)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  toast(t("uploading"));
}, true);
on("composer:clear", "form[data-upload]", (_event, form) => $(".composer__files", form)?.remove(), true);
