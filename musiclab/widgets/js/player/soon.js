// Figures get their players in turn: at once what is in sight or a screen away, all others while the page is at rest.
const later = globalThis.requestIdleCallback ?? ((act) => setTimeout(act, 200));
const AWAY = "100% 0px";

/** A function that takes a figure, and calls `mount` with it soon. */
export function soon(mount) {
  if (!globalThis.IntersectionObserver) return mount;
  const waiting = new Set();
  let asked = false;
  const near = new IntersectionObserver((seen) => seen.forEach((one) => one.isIntersecting && take(one.target)), {
    rootMargin: AWAY,
    scrollMargin: AWAY, // a notebook scrolls inside the page
  });

  function take(figure) {
    near.unobserve(figure);
    if (waiting.delete(figure)) mount(figure);
  }

  function rest() {
    asked = false;
    const next = [...waiting].find((figure) => figure.isConnected); // a notebook takes away what is far off, and brings it back
    if (!next) return;
    take(next);
    ask();
  }

  function ask() {
    if (asked) return;
    asked = true;
    later(rest);
  }

  return (figure) => {
    waiting.add(figure);
    near.observe(figure);
    ask();
  };
}
