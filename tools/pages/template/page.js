// Draws the Plotly pictures of a page when they come into view: many at once would keep the reader waiting.
(() => {
  const draw = (box) => {
    const { data, layout } = JSON.parse(box.querySelector("script").textContent);
    box.replaceChildren();
    Plotly.newPlot(box, data, { ...layout, autosize: true }, { responsive: true, displaylogo: false });
  };
  const seen = new IntersectionObserver(
    (entries) => entries.filter((entry) => entry.isIntersecting).forEach(({ target }) => (seen.unobserve(target), draw(target))),
    { rootMargin: "600px" },
  );
  document.querySelectorAll(".plot").forEach((box) => seen.observe(box));
  addEventListener("beforeprint", () => document.querySelectorAll(".plot:has(> script)").forEach((box) => (seen.unobserve(box), draw(box))));
})();
