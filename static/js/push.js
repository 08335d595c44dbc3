// The switch "Notifications on this device": asks the browser, and tells the server where to push.
import { $, post, say } from "./dom.js";

const form = $("[data-push]");
const state = $("[data-push-state]", form);
const button = $("button", form);
const supported = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

const show = (name, isOn) => {
  state.textContent = form.dataset[name];
  state.dataset.pushState = name;
  button.hidden = !["on", "off", "failed"].includes(name);
  button.textContent = isOn ? form.dataset.turnOff : form.dataset.turnOn;
  button.setAttribute("aria-pressed", String(Boolean(isOn)));
  button.classList.toggle("btn--go", !isOn);
};

const subscription = async () => {
  const worker = await navigator.serviceWorker.getRegistration("/");
  return worker?.pushManager.getSubscription();
};

const turnOn = async () => {
  if ((await Notification.requestPermission()) !== "granted") return show("blocked", false);
  await navigator.serviceWorker.register("/sw.js");
  const worker = await navigator.serviceWorker.ready;
  // One that was made for another key of the server is worthless.
  await (await worker.pushManager.getSubscription())?.unsubscribe();
  const made = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: form.dataset.push });
  const { endpoint, keys } = made.toJSON();
  const answer = await post(form.action, { endpoint, p256dh: keys.p256dh, auth: keys.auth });
  if (answer.ok) return show("on", true);
  await made.unsubscribe();
  return show("failed", false);
};

const turnOff = async () => {
  await (await subscription())?.unsubscribe();
  const answer = await post(form.dataset.remove);
  return answer.ok ? show("off", false) : show("failed", true);
};

const start = async () => {
  if (!supported) return show(window.isSecureContext ? "unsupported" : "insecure", false);
  if (Notification.permission === "denied") return show("blocked", false);
  const isOn = form.hasAttribute("data-subscribed") && Boolean(await subscription());
  return show(isOn ? "on" : "off", isOn);
};

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  event.stopPropagation();
  button.setAttribute("aria-busy", "true");
  const isOn = button.getAttribute("aria-pressed") === "true";
  await (isOn ? turnOff() : turnOn()).catch(() => show("failed", isOn));
  button.removeAttribute("aria-busy");
  say(state.textContent);
}, true);

start();
