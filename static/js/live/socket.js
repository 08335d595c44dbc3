// One websocket. It carries only where something happened; pages bring what the reader may see.
import { io } from "socket.io-client";
import { $, make } from "../dom.js";
import { t } from "../strings.js";

const PATIENCE = 1500; // ms without a line before the reader is told

export const socket = io({
  path: "/socket.io",
  transports: ["websocket"],
  autoConnect: Boolean(document.body.dataset.viewer),
  reconnectionDelay: 500,
  reconnectionDelayMax: 8000,
  randomizationFactor: 0.6, // a thousand windows must not come back in the same second
});

const banner = $("[data-connection]");
let telling;
const tell = (broken) => {
  clearTimeout(telling);
  if (!banner) return;
  if (!broken) banner.hidden = true;
  else telling = setTimeout(() => { banner.hidden = false; }, PATIENCE);
};

socket.on("connect", () => {
  tell(false);
  document.documentElement.dataset.live = "on"; // tests and styles may wait for it
});
socket.on("disconnect", (reason) => {
  document.documentElement.dataset.live = "off";
  tell(true);
  if (reason === "io server disconnect") refused();
});
socket.on("connect_error", () => {
  tell(true);
  if (!socket.active) refused(); // the server's own no, which is not tried again by itself
});

/** The server let go of this window: is the session over, or was it only that moment? */
const refused = async () => {
  const answer = await fetch("/notifications/unread", { headers: { Accept: "application/json" } }).catch(() => null);
  if (answer?.status !== 401) { setTimeout(() => socket.connect(), 3000); return; }
  clearTimeout(telling);
  if (!banner) return;
  const here = encodeURIComponent(location.pathname + location.search);
  $("span", banner)?.replaceChildren(make("a", { href: `/login?next=${here}`, text: t("signedOut") }));
  banner.hidden = false;
};

// A page that comes back from the browser's memory has been deaf meanwhile.
addEventListener("pagehide", () => socket.disconnect());
addEventListener("pageshow", (event) => { if (event.persisted) socket.connect(); });

/** Run `act` soon after the last call, with a little chance so that windows spread out. */
export const soon = (act, least = 60, spread = 240) => {
  let timer, again = false, running = false;
  const run = async () => {
    running = true;
    try { await act(); } finally {
      running = false;
      if (again) { again = false; call(); }
    }
  };
  const call = () => {
    if (running) { again = true; return; }
    clearTimeout(timer);
    timer = setTimeout(run, least + Math.random() * spread);
  };
  return call;
};

/** A fragment of one of our pages as a document, with the answer; null when there is none. */
export const fragment = async (address) => {
  let answer;
  try {
    answer = await fetch(address, { headers: { "HX-Request": "true", Accept: "text/html" } });
  } catch { return null; }
  if (!answer.ok || answer.redirected) return { answer, page: null };
  return { answer, page: new DOMParser().parseFromString(await answer.text(), "text/html") };
};
