// A swap that takes away what had the focus gives it back to what stands in its place.
import { $, $$ } from "./dom.js";

const FOCUSABLE = "a[href],button:not([disabled]),input:not([type=hidden]),textarea,select,[tabindex]";
let lost = null;

const likeness = (element) => element.dataset?.focus || element.name || element.getAttribute("data-key") || element.className;

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const had = document.activeElement;
  lost = had && had !== document.body && detail.target.contains(had)
    ? { id: had.id, like: likeness(had), scope: detail.target.closest("[id]")?.id } : null;
});

document.addEventListener("htmx:afterSettle", ({ detail }) => {
  const was = lost;
  lost = null;
  if (!was || (document.activeElement && document.activeElement !== document.body)) return;
  const scope = (was.scope && document.getElementById(was.scope)) || detail.elt;
  const next = (was.id && document.getElementById(was.id))
    || $$(FOCUSABLE, scope).find((element) => likeness(element) === was.like)
    || $(FOCUSABLE, scope);
  next?.focus({ preventScroll: true });
});
