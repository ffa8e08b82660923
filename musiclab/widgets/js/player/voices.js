// How voices are told apart: a colour and a shape each, and the family of each instrument.

export const COLOURS = ["rose", "blue", "green", "amber", "violet", "teal", "brown", "slate"]; // see player.css
export const SHAPES = ["circle", "square", "triangle", "diamond", "star", "hexagon", "cross", "drop"];

const INK = {
  light: ["#c2185b", "#1565c0", "#2e7d32", "#a84300", "#7b1fa2", "#00796b", "#795548", "#546e7a"],
  dark: ["#ff80ab", "#82b1ff", "#81c784", "#ffb74d", "#ce93d8", "#4dd0c4", "#c8a99b", "#b0bec5"],
};

export const ink = (voice, theme) => INK[theme][voice % 8];
export const shape = (voice) => SHAPES[voice % 8];
export const voiceName = (voice, i) => voice.name || (voice.drums ? "Drums" : `Voice ${i + 1}`);

// The families of General MIDI, eight programs each, and the shape that stands for how such an instrument sounds.
const FAMILIES = [
  ["keys", "circle"],
  ["bells", "star"],
  ["organ", "hexagon"],
  ["guitar", "drop"],
  ["bass", "square"],
  ["strings", "diamond"],
  ["ensemble", "diamond"],
  ["brass", "triangle"],
  ["reeds", "hexagon"],
  ["flutes", "circle"],
  ["lead", "triangle"],
  ["pad", "circle"],
  ["effects", "star"],
  ["folk", "drop"],
  ["percussion", "cross"],
  ["noises", "cross"],
];

/** [name, shape] of a voice's family of instruments. */
export const family = (voice) => (voice.drums ? ["drums", "cross"] : FAMILIES[voice.program >> 3]);

/** The outline of a shape around (x, y) into a canvas's path. */
export function trace(path, kind, x, y, r) {
  const corners = { triangle: [3, -90], square: [4, 45], diamond: [4, 0], hexagon: [6, 0] }[kind];
  path.beginPath();
  if (corners) {
    const [n, turn] = corners;
    const wide = kind === "hexagon" ? r : r * 1.15;
    for (let i = 0; i < n; i += 1) {
      const angle = ((turn + (360 * i) / n) * Math.PI) / 180;
      path.lineTo(x + wide * Math.cos(angle), y + wide * Math.sin(angle));
    }
  } else if (kind === "star") {
    for (let i = 0; i < 10; i += 1) {
      const angle = ((-90 + 36 * i) * Math.PI) / 180;
      const reach = i % 2 ? r * 0.5 : r * 1.2;
      path.lineTo(x + reach * Math.cos(angle), y + reach * Math.sin(angle));
    }
  } else if (kind === "cross") {
    const [a, b] = [r * 0.4, r * 1.05];
    for (const [dx, dy] of [[-a, -b], [a, -b], [a, -a], [b, -a], [b, a], [a, a], [a, b], [-a, b], [-a, a], [-b, a], [-b, -a], [-a, -a]]) {
      path.lineTo(x + dx, y + dy);
    }
  } else if (kind === "drop") {
    path.moveTo(x, y - r * 1.3);
    path.bezierCurveTo(x + r * 0.5, y - r * 0.5, x + r, y - r * 0.1, x + r, y + r * 0.3);
    path.arc(x, y + r * 0.3, r, 0, Math.PI);
    path.bezierCurveTo(x - r, y - r * 0.1, x - r * 0.5, y - r * 0.5, x, y - r * 1.3);
  } else {
    path.arc(x, y, r, 0, 2 * Math.PI);
  }
  path.closePath();
}

const NAMESPACE = "http://www.w3.org/2000/svg";

/** The same outline as a small picture, for lists. */
export function mark(kind) {
  const steps = [];
  const number = (value) => Math.round(value * 100) / 100;
  const path = {
    beginPath() {},
    closePath: () => steps.push("z"),
    moveTo: (x, y) => steps.push(`M${number(x)} ${number(y)}`),
    lineTo: (x, y) => steps.push(`${steps.length ? "L" : "M"}${number(x)} ${number(y)}`),
    bezierCurveTo: (...points) => steps.push(`C${points.map(number).join(" ")}`),
    arc(x, y, r, from, to) {
      if (to - from > 6) steps.push(`M${number(x - r)} ${y}a${r} ${r} 0 1 1 ${2 * r} 0a${r} ${r} 0 1 1 ${-2 * r} 0`);
      else steps.push(`A${r} ${r} 0 0 1 ${number(x - r)} ${number(y)}`);
    },
  };
  trace(path, kind, 8, 8, 5.5);
  const svg = document.createElementNS(NAMESPACE, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("class", "mark");
  svg.setAttribute("aria-hidden", "true");
  const outline = document.createElementNS(NAMESPACE, "path");
  outline.setAttribute("d", steps.join(""));
  svg.append(outline);
  return svg;
}
