// Light or dark at once; the account keeps it for every browser.
import { $, on, post, root } from "./dom.js";

const isDark = () => root.dataset.theme
  ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;

on("submit", "form[data-theme-form]", (event, form) => {
  event.preventDefault();
  event.stopPropagation();
  const theme = isDark() ? "light" : "dark";
  root.dataset.theme = theme;
  const data = new FormData(form);
  data.set("theme", theme);
  post(form.action, data).catch(() => {}); // kept for this page at least
  for (const meta of document.querySelectorAll("meta[name=theme-color]")) {
    meta.content = getComputedStyle(document.body).backgroundColor;
  }
  $("button", form)?.removeAttribute("aria-busy");
}, true);
