// The pictures on the buttons: outlines on a field of 24 by 24.

const PATHS = {
  play: "M7 4.5v15l12-7.5z",
  pause: "M6.5 5h4v14h-4zM13.5 5h4v14h-4z",
  wait: "M12 3a9 9 0 1 0 9 9h-2.4a6.6 6.6 0 1 1-6.6-6.6z",
  more: "M4 6h10v2H4zm14 0h2v2h-2zM4 11h4v2H4zm8 0h8v2h-8zM4 16h10v2H4zm14 0h2v2h-2zM15 5h2v4h-2zM9 10h2v4H9zM15 15h2v4h-2z",
  mixer: "M5 3h2v7H5zm0 13h2v5H5zm-2-5h6v4H3zM11 3h2v3h-2zm0 9h2v9h-2zM9 7h6v4H9zM17 3h2v9h-2zm0 15h2v3h-2zm-2-5h6v4h-6z",
  roll: "M3 5h7v3H3zM8 10.500h8v3H8zM14 16h7v3h-7z",
  lights: "M12 2.500l1.300 4.700 4.700 1.300-4.700 1.300L12 14.500l-1.300-4.700L6 8.500l4.700-1.300zM18 14l.8 2.700 2.700.8-2.700.8L18 21l-.8-2.700-2.700-.8 2.700-.8zM5.500 14.500l.6 1.900 1.900.6-1.900.6-.6 1.900-.6-1.900L3 17l1.900-.6z",
  metronome: "M9.500 3h5l4 18h-13zM11 5l-2.300 11H15L17.800 7.200l1.600.7L16 16h-.700l.700 3H8l3-14z",
  count: "M4 8l3-2.500V18H5V8.900L4 9.700zM10 8.500c0-3.500 5.500-3.500 5.500 0 0 2.600-3 4.600-3.300 7.500h3.500v2h-6c0-5 3.700-7 3.700-9.400 0-1.200-1.400-1.200-1.400 0zM18 6h2v9h-2zm0 10.500h2v2h-2z",
  repeat: "M7 7h10v2.500L21 6l-4-3.500V5H5v6h2zM17 17H7v-2.500L3 18l4 3.500V19h12v-6h-2z",
  save: "M11 3h2v9l3.500-3.500 1.400 1.400L12 15.800 6.100 9.900l1.400-1.400L11 12zM4 18h16v2.500H4z",
  keys: "M3 6h18v12H3zm2 2v2h2V8zm4 0v2h2V8zm4 0v2h2V8zm4 0v2h2V8zM5 11.500v2h2v-2zm4 0v2h2v-2zm4 0v2h2v-2zm4 0v2h2v-2zM8 15v1.500h8V15z",
  stop: "M6 6h12v12H6z",
  record: "M12 5a7 7 0 1 0 .01 0z",
  close: "M6.400 5L12 10.600 17.600 5 19 6.400 13.400 12 19 17.600 17.600 19 12 13.400 6.400 19 5 17.600 10.600 12 5 6.400z",
};

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.dataset.icon = name;
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", PATHS[name]);
  path.setAttribute("fill-rule", "evenodd");
  svg.append(path);
  return svg;
}

/** Another picture on a button that has one. */
export function redraw(button, name) {
  const old = button.querySelector(".icon");
  if (old.dataset.icon !== name) old.replaceWith(icon(name));
}
