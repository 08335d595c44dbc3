// Counts, texts and pins change in place; what was deleted leaves a line until the next load.
import { $, $$, make } from "../dom.js";
import { htmx } from "../requests.js";
import { t } from "../strings.js";
import { socket, soon, fragment } from "./socket.js";

const PARTS = ["post__by", "post__content", "post__foot"];
const waiting = new Set();

/** Whoever is just filling something in, or has chosen an answer of a poll, must not lose it. */
const busy = (part) => $(".poll input:checked", part)
  || (part.contains(document.activeElement) && $("textarea,input:not([type=hidden])", part));

/** Put what the server says now into the card on the screen, part by part, keeping the focus. */
const renew = (card, fresh) => {
  for (const name of PARTS) {
    const mine = $(`:scope .${name}`, card), theirs = $(`:scope .${name}`, fresh);
    if (!mine || !theirs || mine.closest("article") !== card || busy(mine)) continue;
    $$("details", mine).forEach((one, at) => { const other = $$("details", theirs)[at]; if (other) other.open = one.open; }); // what is open stays so
    if (mine.isEqualNode(theirs)) continue;
    if ($(":popover-open", mine)) continue; // a menu that is open stays
    const focused = mine.contains(document.activeElement) ? $$("a,button", mine).indexOf(document.activeElement) : -1;
    mine.replaceWith(theirs);
    htmx.process(theirs);
    if (focused >= 0) $$("a,button", theirs)[focused]?.focus({ preventScroll: true });
  }
};

const fetchWaiting = soon(async () => {
  const ids = [...waiting];
  waiting.clear();
  for (const id of ids) {
    const card = document.getElementById(`post-${id}`);
    if (!card) continue;
    const found = await fragment(`/posts/${id}/card`);
    if (found?.answer.status === 404) bury(card);
    const fresh = found?.page && (found.page.getElementById(`post-${id}`) ?? $("article", found.page));
    if (fresh) renew(card, fresh);
  }
}, 80, 420);

const bury = (card) => card.replaceChildren(make("p", { class: "post__gone", text: t("postGone") }));

socket.on("post.changed", ({ post_id: id }) => {
  if (!document.getElementById(`post-${id}`)) return;
  waiting.add(id);
  fetchWaiting();
});
socket.on("post.deleted", ({ post_id: id }) => {
  const card = document.getElementById(`post-${id}`);
  if (card) bury(card);
});
