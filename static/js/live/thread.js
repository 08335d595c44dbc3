// An open thread: new replies wait behind a pill, so that nothing moves under the reader. Asked for,
// each stands where it belongs: after what it answers.
import { $, $$, make, on, say } from "../dom.js";
import { htmx } from "../requests.js";
import { t } from "../strings.js";
import { socket, soon, fragment } from "./socket.js";

const thread = $("[data-thread]");
const root = thread?.dataset.thread;
const chats = thread && "chat" in thread.dataset; // messages come as they are written
let waiting = [];

const last = () => [...$$("[data-reply]", thread), ...waiting.map(replyOf)].reduce(
  (most, item) => (BigInt(item.dataset.reply) > most ? BigInt(item.dataset.reply) : most), 0n);

/** The reply in an item of the list: what a filter folds has its fold around it. */
const replyOf = (item) => (item.matches("[data-reply]") ? item : $("[data-reply]", item));
const isThere = (item) => Boolean(document.getElementById(replyOf(item).id));

const look = soon(async () => {
  const found = await fragment(`/posts/${root}/replies?after=${last()}`);
  if (!found?.page) return;
  const held = new Set(waiting.map((item) => replyOf(item).id));
  const fresh = [...found.page.body.children]
    .filter((item) => replyOf(item) && !isThere(item) && !held.has(replyOf(item).id));
  // What the reader wrote in another window needs no asking.
  const own = fresh.filter((item) => chats || "mine" in replyOf(item).dataset);
  waiting.push(...fresh.filter((item) => !own.includes(item)));
  place(own);
  offer();
  if (waiting.length) say(t("newReplies", { count: waiting.length }));
}, 40, 160);

/** After the answers to the same reply, or at the end. */
const place = (items) => {
  const list = $("[data-replies]", thread);
  for (const item of items) {
    const parent = document.getElementById(`post-${replyOf(item).dataset.parent}`);
    let before = parent && [...list.children].find((one) => one.contains(parent));
    while (before && replyOf(before.nextElementSibling ?? make("i"))?.matches(".reply--in")) before = before.nextElementSibling;
    if (before) replyOf(item).classList.add("reply--in");
    before ? before.after(item) : list.append(item);
    htmx.process(item);
  }
};

const offer = () => {
  waiting = waiting.filter((item) => !isThere(item));
  const pill = $(".live--below");
  if (!waiting.length) { pill?.remove(); return; }
  const text = t("newReplies", { count: waiting.length });
  if (pill) pill.textContent = text;
  else document.body.append(make("button", { type: "button", class: "live live--below", text }));
};

on("click", ".live--below", (event, pill) => {
  event.preventDefault();
  event.stopImmediatePropagation(); // it is not the pill of a timeline
  const fresh = waiting.filter((item) => !isThere(item));
  waiting = [];
  pill.remove();
  for (const item of fresh) replyOf(item).dataset.new = "";
  place(fresh);
  const first = fresh[0] && (replyOf(fresh[0]).offsetParent ? replyOf(fresh[0]) : $("summary", fresh[0]));
  first?.scrollIntoView({ block: "center" });
  first?.focus({ preventScroll: true });
});

if (root) {
  document.addEventListener("htmx:afterSettle", offer); // one's own answer has come another way
  socket.on("connect", () => socket.emit("thread.watch", { post_id: root }, look));
  socket.on("thread.reply", ({ root_id: id }) => id === root && look());
}
