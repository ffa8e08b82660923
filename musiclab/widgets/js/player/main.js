// What player.js does on a page: it finds the figures of pieces, now and later, and puts a player on each.
import { keyboard } from "../keyboard/main.js";
import { live } from "../live/main.js";
import { bytes } from "./dom.js";
import { bring, liveIn, prepareQuietly, stages } from "./hearing.js";
import { listen } from "./keys.js";
import { Player } from "./player.js";
import { soon } from "./soon.js";
import { watch } from "./theme.js";

const players = new WeakMap(); // host -> its player
const mounted = new WeakSet(); // figures that have one

/**
 * Put a player on a figure that a piece made of itself; or, for a widget, on {element, changed, ready}: `ready` is handed the player.
 *
 * A figure keeps its words; its picture and its `<audio>` make room for the player, which shows and uses them.
 */
function mount(what) {
  if (typeof what === "function") return what(page); // a widget of another kind
  if (what instanceof Element) return mountFigure(what);
  const player = placed(what.element, what.changed);
  what.ready(player);
  return player;
}

function mountFigure(figure) {
  if (mounted.has(figure)) return undefined;
  const picture = figure.querySelector("img[src^='data:image/svg+xml;base64,']");
  const told = figure.querySelector("script[type='application/json']");
  if (!picture || !told) return undefined;
  mounted.add(figure);
  const audio = figure.querySelector("audio");
  const host = document.createElement("div");
  picture.before(host);
  const player = placed(host);
  player.show(JSON.parse(told.textContent), new TextDecoder().decode(bytes(picture.src.split(",")[1])), audio);
  picture.style.display = "none";
  if (audio) audio.style.display = "none";
  return player;
}

function placed(host, changed) {
  const player = new Player(host, { changed });
  host.classList.add("musiclab-player");
  players.set(host, player);
  watch(host, (theme) => {
    player.theme = theme;
    player.root.dataset.theme = theme;
    if (player.sheet) player.paint();
  });
  return player;
}

function carefully(what) {
  try {
    mount(what);
  } catch (problem) {
    console.error("musiclab:", problem); // the picture and the words stay
  }
}

const page = (globalThis.musiclab ??= {});
if (!page.mount) {
  Object.assign(page, { mount, keyboard, live, bring, stages, prepare: prepareQuietly, playerOf: (host) => players.get(host) });
  liveIn(document.currentScript?.src);
  listen((element) => players.get(element));
  const inTurn = soon(carefully);
  const push = (what) => (what instanceof Element ? inTurn : carefully)(what);
  const waiting = globalThis.musiclabFigures ?? [];
  globalThis.musiclabFigures = { push };
  if (Array.isArray(waiting)) waiting.forEach(push);
}
