// Light or dark: as the text around a player is, whoever decided about it.

const watched = new Set(); // {host, theme}, the host by a weak reference: a player that the page takes away is let go
const tells = new WeakMap();

function luminance(colour) {
  const [red, green, blue] = (colour.match(/[\d.]+/g) ?? [0, 0, 0]).map(Number);
  return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255;
}

function look() {
  for (const reference of watched) {
    const host = reference.host.deref();
    if (!host) watched.delete(reference);
    else if (host.isConnected) {
      const theme = luminance(getComputedStyle(host.parentElement ?? host).color) > 0.5 ? "dark" : "light";
      if (theme !== reference.theme) tells.get(host)((reference.theme = theme));
    }
  }
}

let asked = 0;
function soon() {
  asked ||= requestAnimationFrame(() => {
    asked = 0;
    look();
  });
}

/** Tell now, and whenever it changes, whether a host stands among dark ("light") or light ("dark") text. */
export function watch(host, tell) {
  if (!watched.size) {
    const observer = new MutationObserver(soon);
    observer.observe(document.documentElement, { attributes: true });
    observer.observe(document.body, { attributes: true });
    observer.observe(document.head, { childList: true });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", soon);
    addEventListener("load", soon, { capture: true }); // a style sheet has come
  }
  tells.set(host, tell);
  watched.add({ host: new WeakRef(host) });
  tell("light");
  look();
}
