// htmx, kept strict: no eval, no styles of its own, our token on every write, refusals as toasts.
import htmx from "htmx.org";
import { $, csrfToken, make, on } from "./dom.js";
import { t } from "./strings.js";
import { toast } from "./toasts.js";

Object.assign(htmx.config, {
  allowEval: false,
  allowScriptTags: false,
  includeIndicatorStyles: false,
  historyCacheSize: 0, // pages hold what only this viewer may see
  refreshOnHistoryMiss: true,
  scrollIntoViewOnBoost: false,
  defaultSettleDelay: 0,
});

document.addEventListener("htmx:configRequest", ({ detail }) => {
  if (detail.verb !== "get") detail.headers["X-CSRFToken"] = csrfToken();
});

/** The sentence in a refusal drawn by errors/_fragment.html, or null for any other answer. */
export const refusal = (html) =>
  $("[data-error]", new DOMParser().parseFromString(html, "text/html"))?.textContent.trim() ?? null;

document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  if (xhr.responseURL && new URL(xhr.responseURL).pathname === "/login") {
    event.detail.shouldSwap = false; // the session ended: the draft waits in this browser
    location.assign(`/login?next=${encodeURIComponent(location.pathname + location.search)}`);
  } else if (xhr.status === 422 && refusal(xhr.responseText) === null) {
    event.detail.shouldSwap = true; // the form again, with what to mend, in its own place
    event.detail.isError = false;
    const form = event.detail.elt?.closest("form");
    if (form) { event.detail.target = form; event.detail.swapOverride = "outerHTML"; }
  }
});

const again = ({ elt, requestConfig }) => () => {
  const type = requestConfig?.triggeringEvent?.type ?? "click";
  if (elt.isConnected) htmx.trigger(elt, type);
};

document.addEventListener("htmx:responseError", ({ detail }) => {
  const sentence = refusal(detail.xhr.responseText) ?? t("failed");
  const retry = detail.xhr.status >= 500 ? { label: t("retry"), act: again(detail) } : {};
  toast(sentence, { danger: true, ...retry });
});
document.addEventListener("htmx:sendError", ({ detail }) =>
  toast(t("offline"), { danger: true, label: t("retry"), act: again(detail) }));

// One click, one request: a form that is under way is not sent again.
const busy = new WeakSet();
const release = (form) => {
  busy.delete(form);
  $("[aria-busy=true]", form)?.removeAttribute("aria-busy");
};
on("submit", "form[method=post]", (event, form) => {
  if (event.defaultPrevented) return;
  if (busy.has(form)) { event.preventDefault(); event.stopPropagation(); return; }
  busy.add(form);
  (event.submitter ?? $("button:not([type=button])", form))?.setAttribute("aria-busy", "true");
  // Long enough for a double click; a plain form leaves the page by itself.
  if (!form.matches("[hx-post]")) setTimeout(release, 8000, form);
}, true);
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  const form = detail.elt.closest?.("form");
  if (form) release(form);
});
addEventListener("pageshow", (event) => {
  if (event.persisted) for (const form of document.forms) release(form);
});

// Acts that cannot be taken back ask first.
on("submit", "form[data-confirm]", (event, form) => {
  if (form.dataset.confirmed) { delete form.dataset.confirmed; return; }
  event.preventDefault();
  event.stopImmediatePropagation();
  release(form);
  const yes = make("button", { class: "btn btn--danger", value: "yes", text: form.dataset.confirmLabel || t("confirm") });
  const dialog = make("dialog", { class: "dialog", "aria-labelledby": "ask" },
    make("form", { method: "dialog", class: "gap" },
      make("h2", { id: "ask", text: form.dataset.confirm }),
      make("div", { class: "form__foot" }, make("button", { class: "btn", value: "", text: t("cancel") }), yes)));
  document.body.append(dialog);
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (dialog.returnValue !== "yes") return;
    form.dataset.confirmed = "yes";
    form.requestSubmit(event.submitter);
  });
  dialog.showModal();
}, true);

export { htmx };
