// "Older" loads by itself when the reader comes near; without scripts it stays a link.
import { $, $$, say } from "./dom.js";
import { htmx } from "./requests.js";
import { t } from "./strings.js";

const near = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) if (isIntersecting) load(target);
}, { rootMargin: "800px" });

const load = async (link) => {
  near.unobserve(link);
  const pager = link.closest(".pager");
  // The pager of a feed stands after it, since a feed holds nothing but articles.
  const feed = pager?.previousElementSibling?.matches("[role=feed]") ? pager.previousElementSibling : null;
  const list = feed ?? pager?.parentElement;
  if (!list || link.ariaBusy) return;
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
  const page = new DOMParser().parseFromString(html, "text/html");
  const twin = list.id ? page.getElementById(list.id) : $(".pager", page)?.parentElement ?? $("main .posts,main [role=feed]", page);
  const known = new Set($$("article[id]", list).map((item) => item.id));
  const items = [...(twin ?? page.body).children].filter((item) => !known.has(item.id));
  if (feed) {
    feed.append(...items);
    pager.replaceWith(...[$(".pager:has([data-more])", page)].filter(Boolean));
  } else pager.replaceWith(...items);
  items.forEach((item) => htmx.process(item));
  watch();
  if (focused) $("a[href],button", items[0] ?? list)?.focus({ preventScroll: true });
  say(t("moreShown"));
};

/** Watch the links to further pages that the document has now. */
export const watch = () => $$("a[data-more]").forEach((link) => near.observe(link));
watch();
