// Announcements change: the confirm box, the author's figures, the band above the feed, the counts.
import { $, $$ } from "../dom.js";
import { htmx } from "../requests.js";
import { socket, soon, fragment } from "./socket.js";

const page = $("[data-announcement]");

/** Put what the server says now in the place of a part, unless somebody is busy in it. */
const renew = (id, fresh) => {
  const mine = document.getElementById(id), theirs = fresh.getElementById(id);
  if (!mine || !theirs || mine.isEqualNode(theirs)) return;
  if (mine.contains(document.activeElement) || $(":scope input:checked", mine)) return;
  mine.replaceWith(theirs);
  htmx.process(theirs);
};

const state = soon(async () => {
  const found = await fragment(`/announcements/${page.dataset.announcement}/state?language=${page.lang}`);
  if (found?.page) for (const id of ["ack", "figures", "figures-phone"]) renew(id, found.page);
}, 150, 1500);

/** What waits above the feed, and how many: on every page. */
const waiting = soon(async () => {
  const found = await fragment("/announcements/waiting");
  const fresh = found?.page && $("[data-waiting]", found.page);
  if (!fresh) return;
  for (const sign of $$("[data-must]")) {
    sign.hidden = fresh.dataset.waiting === "0";
    $("[data-count]", sign).textContent = fresh.dataset.waiting;
  }
  renew("waiting", found.page);
}, 150, 1500);

socket.on("announcement.changed", ({ announcement_id: id }) => {
  if (page?.dataset.announcement === id) state();
  waiting();
});
