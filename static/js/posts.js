// What people do with a post, without leaving the page.
import { on } from "./dom.js";
import { t } from "./strings.js";
import { toast } from "./toasts.js";

on("click", "a[data-copy]", async (event, link) => {
  event.preventDefault();
  try {
    await navigator.clipboard.writeText(link.href);
    toast(t("copied"));
  } catch {
    location.assign(link.href); // no clipboard here: show the address instead
  }
});

// What was done says so, and offers what may come next.
document.addEventListener("htmx:afterRequest", ({ detail: { elt, successful } }) => {
  const { done, doneLabel: label, doneHref } = elt.dataset ?? {};
  if (successful && done) toast(done, doneHref ? { label, act: () => location.assign(doneHref) } : {});
});
