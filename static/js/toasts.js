// A word about what happened, always with a way back: Undo or Retry.
import { $, make, say } from "./dom.js";
import { t } from "./strings.js";

/** Show `text` for a while (for good while it has the focus or the pointer). `href` makes the text
 * a link; `label` and `act` add the way back. Gives a function that takes the toast away. */
export const toast = (text, { label, act, href, danger = false, seconds = act ? 12 : 6 } = {}) => {
  const host = $("#toasts");
  if (!host) return () => {};
  const words = href ? make("a", { href, text }) : make("span", { text });
  const item = make("div", { class: `toast${danger ? " toast--danger" : ""}` }, words);
  let timer;
  const close = () => { clearTimeout(timer); item.remove(); };
  const wait = () => { timer = setTimeout(close, seconds * 1000); };
  const stay = () => clearTimeout(timer);
  if (act) {
    const button = make("button", { type: "button", text: label });
    button.addEventListener("click", () => { close(); act(); });
    item.append(button);
  }
  const dismiss = make("button", { type: "button", class: "toast__close", "aria-label": t("close"), text: "×" });
  dismiss.addEventListener("click", close);
  item.append(dismiss);
  item.addEventListener("pointerenter", stay);
  item.addEventListener("focusin", stay);
  item.addEventListener("pointerleave", wait);
  item.addEventListener("focusout", wait);
  while (host.children.length > 2) host.firstElementChild.remove();
  host.append(item);
  say(text);
  wait();
  return close;
};
