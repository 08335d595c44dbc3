// Shows what is pushed while nothing of ours is open. It keeps no pages and answers no requests.
addEventListener("install", () => skipWaiting());

addEventListener("push", (event) => {
  const said = event.data?.json() ?? {};
  const shown = { body: said.body ?? "", tag: said.url, data: { url: said.url } };
  event.waitUntil(registration.showNotification(said.title ?? "", shown));
});

addEventListener("notificationclick", (event) => {
  event.notification.close();
  const wanted = new URL(event.notification.data?.url ?? "/", location.origin);
  // The address is the one people type, which may be another name for this very server.
  const address = location.origin + wanted.pathname + wanted.search + wanted.hash;
  event.waitUntil((async () => {
    const windows = await clients.matchAll({ type: "window" });
    const open = windows.find((one) => one.url === address) ?? windows[0];
    if (!open) return clients.openWindow(address);
    await open.focus();
    return open.url === address ? undefined : open.navigate(address).catch(() => clients.openWindow(address));
  })());
});
