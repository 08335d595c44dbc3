// Notifications: the badge, the toast, the menu below the bell, and marking as read.
import { $, $$, on, post } from "../dom.js";
import { htmx } from "../requests.js";
import { socket, soon, fragment } from "./socket.js";

const MOST_TOASTS = 3;
const host = $("#toasts");
const title = document.title;
let newest = null; // the id of the newest notification this window knows

const show = (count) => {
  for (const badge of $$("[data-unread-notifications]")) {
    badge.hidden = !count;
    const words = $("[data-count]", badge) ?? badge;
    words.textContent = count > 99 ? "99+" : String(count);
  }
  for (const dot of $$("[data-unread-dot]")) dot.hidden = !count;
  document.title = count ? `(${count > 99 ? "99+" : count}) ${title}` : title;
};

const count = soon(async () => {
  const answer = await fetch("/notifications/unread", { headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const now = await answer.json();
  newest ??= now.newest;
  show(now.count);
});

const news = soon(async () => {
  if (newest === null) return count();
  const found = await fragment(`/notifications/new?after=${newest}`);
  if (!found?.page) return undefined;
  newest = found.answer.headers.get("X-Newest") ?? newest;
  show(Number(found.answer.headers.get("X-Unread") ?? 0));
  for (const toast of $$(".toast", found.page)) {
    // What is on the screen anyway needs no word.
    const link = new URL($("a", toast).href);
    if (link.pathname === location.pathname && document.visibilityState === "visible") { seen(); continue; }
    if ($(`[data-toast="${toast.dataset.toast}"]`)) continue;
    while (host.children.length >= MOST_TOASTS) host.firstElementChild.remove();
    host.append(toast);
    $("#announcer").textContent = $("a", toast).textContent.trim();
    setTimeout(() => toast.matches(":hover,:focus-within") || toast.remove(), 9000);
  }
  return undefined;
});

on("click", "[data-dismiss]", (_event, button) => button.closest(".toast").remove());
on("click", "a[data-note]", (_event, link) => {
  // Goes out even though the page is being left.
  fetch(`/notifications/${link.dataset.note}/read`, {
    method: "POST",
    keepalive: true,
    headers: { "X-CSRFToken": $("meta[name=csrf-token]").content, "HX-Request": "true" },
  });
});

// Who has a thread open has read about it.
const thread = $("[data-thread]")?.dataset.thread;
const seen = () => {
  if (thread && document.visibilityState === "visible") post(`/notifications/threads/${thread}/read`);
};
document.addEventListener("visibilitychange", seen);

// The bell opens a menu where there is room; with a modifier, or on a phone, it is the link it is.
const menu = $("#notifications-menu");
on("click", "a[data-bell]", async (event) => {
  if (!menu?.showPopover || event.ctrlKey || event.metaKey || event.shiftKey || innerWidth < 736) return;
  event.preventDefault();
  if (menu.matches(":popover-open")) { menu.hidePopover(); return; }
  const found = await fragment("/notifications/menu");
  if (!found?.page) { location.assign("/notifications"); return; }
  menu.replaceChildren(...found.page.body.childNodes);
  htmx.process(menu);
  menu.showPopover();
  $("a", menu)?.focus({ preventScroll: true });
});

socket.on("connect", () => { (newest === null ? count : news)(); seen(); });
socket.on("notification.new", news);
socket.on("notification.read", count);
