// The open page of an event: seats and answers are fetched again when they change.
import { $ } from "../dom.js";
import { htmx } from "../requests.js";
import { fragment, socket, soon } from "./socket.js";

const here = () => $("[data-event]");

const look = soon(async () => {
  const shown = here();
  if (!shown) return;
  const found = await fragment(`/events/${shown.dataset.event}/state`);
  const fresh = found?.page && $("[data-event]", found.page);
  // Whoever is just filling in the form must not lose a word; the numbers come with the answer.
  if (!fresh || here() !== shown || shown.contains(document.activeElement) || $("details[open]", shown)) return;
  shown.replaceWith(fresh);
  htmx.process(fresh);
}, 200, 1000);

if (here()) {
  socket.on("connect", look);
  socket.on("event.changed", ({ occurrence_id: id }) => id === here()?.dataset.event && look());
}
