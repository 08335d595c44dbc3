// New posts wait behind a pill that names who wrote them: nothing moves under the reader.
import { $, $$, on, say } from "../dom.js";
import { htmx } from "../requests.js";
import { t } from "../strings.js";
import { socket, soon, fragment } from "./socket.js";

const list = $("[data-timeline][data-newer]");
const { timeline, subject } = list?.dataset ?? {};

/** Whether a message is about the timeline on the screen. */
const concerns = (name, ids) => ({
  home: name === "stream.post",
  groups: name === "stream.post" && Boolean(ids.group_id),
  organisation: name === "organisation.post",
  list: name === "stream.post",
  group: name === "stream.post" && ids.group_id === subject,
  account: ids.author_id === subject && !ids.group_id,
})[timeline] ?? false;

const entries = () => $$(":scope > article[data-entry]", list);
const known = () => new Set(entries().flatMap((item) => [item.id, `entry-${item.dataset.entry}`]));
const after = (address) => {
  const url = new URL(address, location.href);
  url.searchParams.set("after", list.dataset.newest || "0");
  // Ids are older than their commits, so the server looks at the last minute again, but for these.
  // Pins do not belong to the order: below the oldest of these nothing counts as new.
  const ordered = entries();
  while (ordered[0] && $(".post__pin", ordered[0])) ordered.shift();
  url.searchParams.set("known", ordered.slice(0, 60).map((item) => item.dataset.entry).join());
  return url;
};

const look = soon(async () => {
  const found = await fragment(after(list.dataset.newer));
  if (!found?.page) return;
  const pill = $(".live", found.page);
  const old = $(".live", list.parentElement);
  if (!pill) { old?.remove(); return; }
  if (old) {
    // Only the words change: a reader about to press it must not lose it.
    if (old.textContent.trim() !== pill.textContent.trim()) old.replaceChildren(...pill.childNodes);
  } else list.before(pill);
});

on("click", ".live:not(.live--below)", async (event, pill) => {
  event.preventDefault();
  if (!list) { location.reload(); return; }
  pill.setAttribute("aria-busy", "true");
  const found = await fragment(after(list.dataset.since));
  if (!found?.page) { location.reload(); return; }
  const have = known();
  // Whole entries: what a filter folds stays in its fold.
  const fresh = $$("[data-newest] > article[data-entry]", found.page)
    .filter((item) => !have.has(item.id) && !have.has(`entry-${item.dataset.entry}`));
  const newest = $("[data-newest]", found.page)?.dataset.newest ?? fresh[0]?.dataset.entry;
  if (newest && BigInt(newest) > BigInt(list.dataset.newest || 0)) list.dataset.newest = newest;
  for (const item of fresh) item.dataset.new = "";
  $(".empty", list.parentElement)?.remove();
  list.prepend(...fresh);
  fresh.forEach((item) => htmx.process(item));
  pill.remove();
  fresh[0]?.focus();
  say(t("newShown", { count: fresh.length }));
});

if (list) {
  for (const name of ["stream.post", "organisation.post"]) {
    socket.on(name, (ids) => concerns(name, ids) && !$(`#post-${ids.post_id}`, list) && look());
  }
  // Whatever was published while this window was deaf: asked for at every connection.
  socket.on("connect", look);
}
