// The widget around a player: what Python shows goes in, what the listener changes comes back.
function render({ model, el }) {
  const host = document.createElement("div");
  el.append(host);
  let player;
  let gone = false;
  const still = () => {
    if (player) return;
    const picture = document.createElement("img"); // until the player is here
    picture.alt = model.get("sheet").words ?? "";
    picture.src = `data:image/svg+xml;base64,${btoa(unescape(encodeURIComponent(model.get("picture"))))}`;
    picture.style.cssText = "max-width: 100%; background: white; border-radius: 10px";
    host.replaceChildren(...(model.get("picture") ? [picture] : []));
  };
  const show = () => {
    still();
    if (player && model.get("picture")) player.show(model.get("sheet"), model.get("picture"));
    host.hidden = !model.get("picture");
  };
  const mix = () => player?.mixer.set(model.get("mix"));
  let waiting = 0;
  const changed = (what) => {
    for (const [name, value] of Object.entries(what)) model.set(name, value);
    waiting ||= setTimeout(() => {
      waiting = 0;
      model.save_changes();
    }, 150);
  };
  const figure = {
    element: host,
    changed,
    ready(made) {
      if (gone) return made.dispose();
      host.replaceChildren();
      player = made;
      show();
      mix();
    },
  };
  show();
  (globalThis.musiclabFigures ||= []).push(figure);
  model.on("change:sheet", show);
  model.on("change:mix", mix);
  return () => {
    gone = true;
    model.off("change:sheet", show);
    model.off("change:mix", mix);
    player?.dispose();
  };
}

export default { render };
