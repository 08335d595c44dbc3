// What arrives without reloading: sockets, new posts behind a pill, badges, toasts.
