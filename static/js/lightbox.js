// A picture in full over a page that stays as it is; closing gives the focus back.
import { $$, icon, make, on } from "./dom.js";
import { t } from "./strings.js";

const show = (links, at) => {
  const image = make("img", { class: "lightbox__image" });
  const caption = make("p", { class: "lightbox__caption" });
  const button = (name, label, step) => {
    const made = make("button", { type: "button", class: `btn btn--icon lightbox__${name}`, "aria-label": label }, icon(name === "next" ? "next" : name));
    made.addEventListener("click", () => (step ? turn(step) : dialog.close()));
    return made;
  };
  const turn = (step) => {
    at = (at + step + links.length) % links.length;
    const small = links[at].querySelector("img");
    image.src = links[at].href;
    image.alt = small?.alt ?? "";
    caption.textContent = image.alt;
  };
  const dialog = make("dialog", { class: "lightbox", "aria-label": t("picture") }, button("close", t("close"), 0), image, caption);
  if (links.length > 1) dialog.append(button("back", t("previous"), -1), button("next", t("next"), 1));
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  dialog.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step && links.length > 1) turn(step);
  });
  dialog.addEventListener("close", () => dialog.remove());
  turn(0);
  document.body.append(dialog);
  dialog.showModal();
};

on("click", "a[data-lightbox]", (event, link) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  const links = $$("a[data-lightbox]", link.closest("article") ?? document);
  show(links, links.indexOf(link));
});
