// A page's elements, made briefly.

/** An element: attributes by name, listeners as `onclick`, properties (`value`, `checked` ...) by `.name`, then what is in it. */
export function make(tag, attributes = {}, ...inside) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name.startsWith(".")) element[name.slice(1)] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...inside.filter((part) => part !== null && part !== undefined));
  return element;
}

/** A button that says its name; with an icon, and words beside it if `label` is to be seen. */
export function button(name, picture, { label = "", ...attributes } = {}) {
  const words = label ? [make("span", { class: "word" }, label)] : [];
  const named = label === name ? {} : { "aria-label": name };
  return make("button", { type: "button", title: name, ...named, ...attributes }, picture, ...words);
}

/** Say whether a button is pressed in. */
export function press(element, pressed) {
  if (element.getAttribute("aria-pressed") !== String(pressed)) element.setAttribute("aria-pressed", pressed);
}

/** Put words into an element, if they are others than those that stand there. */
export function write(element, words) {
  if (element.textContent !== words) element.textContent = words;
}

/** Where a number would stand in an ascending list: how many of `key(item)` are at most `value`. */
export function countUpTo(list, value, key = (item) => item) {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (key(list[middle]) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Bytes of a base64 text. */
export function bytes(base64) {
  const text = atob(base64);
  const made = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i += 1) made[i] = text.charCodeAt(i);
  return made;
}

/** Minutes and seconds. */
export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds + 1e-3));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

export const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
