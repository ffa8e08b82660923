// What the page gets: `musiclab.synth({font})` opens the orchestra, once a page, whoever asks and however often this script comes.
import { openOrchestra } from "./orchestra.js";

const page = (globalThis.musiclab ??= {});

page.synth ??= (asked) => {
  page.orchestra ??= openOrchestra(asked).catch((problem) => {
    page.orchestra = undefined; // the next one may try again
    throw problem;
  });
  return page.orchestra;
};
