// "12 min ago" grows older while the page is open; nothing changes that still says the truth.
import { $$, root } from "./dom.js";

const words = new Intl.RelativeTimeFormat(root.lang || "en", { style: "short", numeric: "always" });

setInterval(() => {
  if (document.hidden) return;
  for (const time of $$("time[datetime]:not([data-fixed])")) {
    const minutes = Math.floor((Date.now() - Date.parse(time.dateTime)) / 60000);
    if (!(minutes >= 1 && minutes < 1440)) continue;
    const text = minutes < 60 ? words.format(-minutes, "minute") : words.format(-Math.floor(minutes / 60), "hour");
    if (time.textContent !== text) time.textContent = text;
  }
}, 60000);
