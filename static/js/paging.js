// "Older" loads by itself when the reader comes near; without scripts it stays a link.
import { $, $$, say } from "./dom.js";
import { htmx } from "./requests.js";
import { t } from "./strings.js";

const near = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) if (isIntersecting) load(target);
}, { rootMargin: "800px" });

/** The list that a pager prolongs: the one before it, or the one that it stands in. */
const listOf = (pager) => {
  const before = pager.previousElementSibling;
  return !before || before.matches("article,li") ? pager.parentElement : before;
};

/** Load what the link leads to, once. */
export const load = async (link) => {
  near.unobserve(link);
  const pager = link.closest(".pager");
  if (!pager || link.ariaBusy) return;
  const list = listOf(pager);
  link.setAttribute("aria-busy", "true");
  const focused = document.activeElement === link;
  let html;
  try {
    const answer = await fetch(link.href, { headers: { "HX-Request": "true" } });
    if (!answer.ok) throw new Error(answer.status);
    html = await answer.text();
  } catch {
    link.removeAttribute("aria-busy"); // the link still works by hand
    return;
  }
  // The answer is a page or a fragment: it holds such a list, or nothing but its items.
  const page = new DOMParser().parseFromString(html, "text/html");
  const place = $("main", page) ?? page.body;
  const twin = (list.id ? page.getElementById(list.id) : $(`${list.localName}.${list.classList[0]}`, place)) ?? place;
  const known = new Set([...list.children].map((item) => item.id).filter(Boolean));
  const items = [...twin.children].filter((item) => !item.matches(".pager") && !known.has(item.id));
  const next = $$(".pager", place).findLast((item) => $("a[data-more]", item));
  list.contains(pager) ? pager.before(...items) : list.append(...items);
  next ? pager.replaceWith(next) : pager.remove();
  items.forEach((item) => htmx.process(item));
  watch();
  if (focused) (items[0]?.matches("[tabindex]") ? items[0] : $("a[href],button", items[0] ?? list))?.focus({ preventScroll: true });
  say(t("moreShown"));
};

/** Watch the links to further pages that the document has now. */
export const watch = () => $$("a[data-more]").forEach((link) => near.observe(link));
watch();
