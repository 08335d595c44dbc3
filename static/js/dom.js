// The few words that every other module speaks.
export const root = document.documentElement;
export const $ = (selector, within = document) => within.querySelector(selector);
export const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];

/** Run `act(event, element)` for events inside elements that match, now and later. */
export const on = (type, selector, act, options) =>
  document.addEventListener(type, (event) => {
    const element = event.target.closest?.(selector);
    if (element) act(event, element);
  }, options);

/** A new element: properties (`class`, `text`, `data-…` and `aria-…` as attributes), then children. */
export const make = (tag, properties = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === "text") element.textContent = value;
    else if (value !== false && value != null) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
};

/** One of our icons, found through any that the page already shows. */
export const icon = (name, kind = "") => {
  const sprite = $("svg use")?.getAttribute("href").split("#")[0];
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  svg.setAttribute("class", `icon ${kind}`);
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `${sprite}#${name}`);
  svg.append(use);
  return svg;
};

/** Said to screen readers, politely. */
export const say = (text) => {
  const place = $("#announcer");
  if (place) place.textContent = text;
};

export const viewerId = document.body.dataset.viewer;
export const csrfToken = () => $("meta[name=csrf-token]")?.content ?? "";

/** POST a form's worth of data to one of our own addresses. */
export const post = (address, data = {}, options = {}) => {
  const body = data instanceof FormData ? data : new URLSearchParams(data);
  return fetch(address, { method: "POST", body, headers: { "X-CSRFToken": csrfToken(), "HX-Request": "true" }, ...options });
};

const shape = (person) => `avatar avatar--sm${person.is_page ? " avatar--page" : ""}`;

// The picture of somebody, or their initials.
export const face = (person) => person.avatar
  ? make("span", { class: shape(person) }, make("img", { src: person.avatar, alt: "" }))
  : make("span", { class: shape(person), "data-hue": person.hue ?? 0, "aria-hidden": "true", text: person.initials ?? person.name[0] });
