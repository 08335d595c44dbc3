// An open thread: replies append at its end; who reads further up is told, not moved.
import { $, $$, make, say } from "../dom.js";
import { htmx } from "../requests.js";
import { t } from "../strings.js";
import { socket, soon, fragment } from "./socket.js";

const thread = $("[data-thread]");
const root = thread?.dataset.thread;

const last = () => $$("[data-reply]", thread).reduce(
  (most, item) => (BigInt(item.dataset.reply) > most ? BigInt(item.dataset.reply) : most), 0n);

const look = soon(async () => {
  const found = await fragment(`/posts/${root}/replies?after=${last()}`);
  if (!found?.page) return;
  const list = $("[data-replies]", thread);
  // What a filter folds comes with its fold around it.
  const fresh = [...found.page.body.children].filter((item) => {
    const reply = item.matches("[data-reply]") ? item : $("[data-reply]", item);
    return reply && !document.getElementById(reply.id);
  });
  if (!fresh.length || !list) return;
  for (const item of fresh) item.dataset.new = "";
  list.append(...fresh);
  fresh.forEach((item) => htmx.process(item));
  say(t("newReplies", { count: fresh.length }));
  const edge = fresh[0].getBoundingClientRect();
  if (edge.top > innerHeight) offer(fresh[0], fresh.length);
}, 40, 160);

const offer = (first, count) => {
  $(".live--below")?.remove();
  const button = make("button", { type: "button", class: "live live--below", text: t("newReplies", { count }) });
  button.addEventListener("click", () => { button.remove(); first.scrollIntoView({ block: "center" }); });
  document.body.append(button);
  new IntersectionObserver(([entry], observer) => {
    if (entry.isIntersecting) { observer.disconnect(); button.remove(); }
  }).observe(first);
};

if (root) {
  socket.on("connect", () => socket.emit("thread.watch", { post_id: root }, look));
  socket.on("thread.reply", ({ root_id: id }) => id === root && look());
}
