// Bundles what runs in the browser: node build.mjs [folder]. The same sources give the same bytes.
import { readFileSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const out = process.argv[2] ? resolve(process.argv[2]) : join(here, "..", "static");
const settings = {
  absWorkingDir: here,
  bundle: true,
  minify: true,
  format: "iife",
  charset: "utf8",
  target: ["chrome111", "firefox115", "safari16.4"],
  legalComments: "none",
  write: false,
};

async function bundle(entry, more = {}) {
  const built = await esbuild.build({ ...settings, ...more, entryPoints: [entry] });
  return built.outputFiles[0].text;
}

// `import text from "text:./file.js"` is the bundle of another file, to be run elsewhere than on the page.
const bundledAsText = {
  name: "bundled as text",
  setup(build) {
    build.onResolve({ filter: /^text:/ }, (args) => ({
      path: join(args.resolveDir, args.path.slice("text:".length)),
      namespace: "text",
    }));
    build.onLoad({ filter: /.*/, namespace: "text" }, async (args) => ({ contents: await bundle(args.path), loader: "text" }));
  },
};
const minifiedStyles = {
  name: "minified styles",
  setup(build) {
    build.onLoad({ filter: /\.css$/ }, async (args) => ({
      contents: (await esbuild.transform(readFileSync(args.path, "utf8"), { loader: "css", minify: true })).code.trim(),
      loader: "text",
    }));
  },
};

const note = (what) => `// ${what}. Sources: musiclab/widgets/js in musiclab's repository; licences: LICENCES.txt beside this file.\n`;
const licences = () => {
  const parts = ["spessasynth_core", "stb-vorbis"].map((name) => {
    const folder = join(here, "node_modules", name);
    const { version, license, homepage, repository } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    return { name, version, license, where: homepage ?? repository.url, text: readFileSync(join(folder, "LICENSE"), "utf8").trim() };
  });
  const texts = [...new Set(parts.map(({ text }) => text))];
  return [
    "player.js and synth.js are part of musiclab (MIT). Inside synth.js are, unchanged but for the bundling:",
    ...parts.map(({ name, version, license, where, text }) =>
      `* ${name} ${version}, by spessasus, ${license} (text ${texts.indexOf(text) + 1} below): ${where}`),
    "* in stb-vorbis, compiled to WebAssembly: stb_vorbis by Sean Barrett and others, dedicated to the public domain or, as you\n"
      + "  choose, MIT: https://github.com/nothings/stb",
    ...texts.map((text, i) => `${"-".repeat(30)} ${i + 1} ${"-".repeat(30)}\n\n${text}`),
  ].join("\n\n") + "\n";
};

mkdirSync(out, { recursive: true });
const files = {
  "synth.js": note("musiclab's synthesiser") + (await bundle("sound/main.js", { plugins: [bundledAsText] })),
  "player.js": note("musiclab's score player") + (await bundle("player/main.js", { plugins: [minifiedStyles] })),
  "LICENCES.txt": licences(),
};
for (const [name, text] of Object.entries(files)) writeFileSync(join(out, name), text);
