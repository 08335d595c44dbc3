// Who goes back to a list finds the post that they left, where it stood: what has come above it in
// the meantime would otherwise stand in its place. Browsers that kept the page need none of this.
import { $, $$ } from "./dom.js";
import { load } from "./paging.js";
import { htmx } from "./requests.js";

const lists = "[data-timeline],[data-thread],.caught__list";
const MOST_PAGES = 12;
const key = `place:${location.pathname}${location.search}`;
const top = (element) => element.getBoundingClientRect().top;

const leave = () => {
  const bar = $(".topbar")?.getBoundingClientRect().bottom ?? 0;
  const first = $$("article[id]").find((item) => item.closest(lists) && item.getBoundingClientRect().bottom > bar);
  if (first && scrollY) sessionStorage.setItem(key, JSON.stringify([first.id, top(first)]));
  else sessionStorage.removeItem(key);
};

const comeBack = async () => {
  const [id, stood] = JSON.parse(sessionStorage.getItem(key) ?? "[]");
  if (!id) return;
  history.scrollRestoration = "manual";
  let moved = false;
  const stop = () => { moved = true; };
  for (const type of ["wheel", "touchmove", "keydown"]) addEventListener(type, stop, { once: true, passive: true });
  for (let page = 0; page < MOST_PAGES && !document.getElementById(id); page += 1) {
    const older = $("a[data-more]"), further = $(".caught__list .pager a");
    if (older) await load(older);
    else if (further) await htmx.ajax("GET", further.href, { target: further.parentElement, swap: "outerHTML" });
    else return;
  }
  const post = document.getElementById(id);
  if (post && !moved) scrollBy({ top: top(post) - stood, behavior: "instant" });
};

if ($(lists)) {
  addEventListener("pagehide", leave);
  if (performance.getEntriesByType("navigation")[0]?.type === "back_forward") comeBack();
}
