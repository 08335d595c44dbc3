// The calendar's grid by arrows: one day is in the tab order, the arrows go to the others.
import { $, $$, on } from "./dom.js";

const days = () => $$("[data-agenda] [data-day]").filter((day) => day.offsetParent);
const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

const settle = () => {
  const all = days();
  const first = all.find((day) => day.ariaCurrent === "date") ?? all[0];
  for (const day of all) day.tabIndex = day === first ? 0 : -1;
};

on("keydown", "[data-agenda] [data-day]", (event, day) => {
  const step = steps[event.key];
  if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
  const all = days();
  const next = all[all.indexOf(day) + step];
  event.preventDefault();
  if (next) {
    day.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  } else $(`[data-agenda] [rel=${step < 0 ? "prev" : "next"}]`)?.click();
});

settle();
