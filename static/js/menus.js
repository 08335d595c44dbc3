// Menus open and close by themselves (popover); arrow keys walk through them.
import { $, $$, on } from "./dom.js";

on("keydown", ".menu", (event, menu) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || event.target.matches("input,textarea")) return;
  const items = $$("a[href],button", menu).filter((item) => item.offsetParent);
  const at = items.indexOf(document.activeElement);
  items.at((at + step + (at < 0 && step < 0 ? 1 : 0)) % items.length)?.focus();
  event.preventDefault();
});

on("keydown", "[popovertarget]", (event, button) => {
  if (event.key !== "ArrowDown") return;
  const menu = document.getElementById(button.getAttribute("popovertarget"));
  if (!menu?.matches(".menu")) return;
  event.preventDefault();
  if (!menu.matches(":popover-open")) menu.showPopover({ source: button });
  $("a[href],button", menu)?.focus();
});

// A choice made closes its menu, even where nothing is loaded.
on("click", ".menu :is(a,button)", (_event, item) => {
  const menu = item.closest("[popover]");
  if (menu && !item.hasAttribute("popovertarget")) setTimeout(() => menu.matches(":popover-open") && menu.hidePopover());
});

// A row of tabs that is wider than the screen shows the one that is open.
for (const tab of $$(".tabs > [aria-current]")) {
  const row = tab.parentElement;
  row.scrollLeft += tab.getBoundingClientRect().left - row.getBoundingClientRect().left - 32;
}
