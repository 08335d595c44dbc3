// Direct messages: how many conversations have something new, and the list when it is open.
import { $, $$ } from "../dom.js";
import { fragment, socket, soon } from "./socket.js";

const list = () => $("[data-conversations]");

const look = soon(async () => {
  const answer = await fetch("/conversations/unread", { headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const { count } = await answer.json();
  for (const badge of $$("[data-unread-messages]")) {
    badge.hidden = !count;
    $("[data-count]", badge).textContent = count > 99 ? "99+" : String(count);
  }
  const mine = list();
  if (!mine || mine.contains(document.activeElement)) return; // nothing moves under the keyboard
  const found = await fragment("/conversations");
  if (found?.page) mine.replaceChildren(...found.page.body.childNodes);
}, 200, 1000);

socket.on("notification.new", look);
socket.on("notification.read", look);
