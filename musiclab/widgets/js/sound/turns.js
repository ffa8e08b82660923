// One plays at a time: whoever starts on this page silences the others.

export function takeTurn(performance) {
  const page = (globalThis.musiclab ??= {});
  if (page.sounding !== performance) page.sounding?.pause();
  page.sounding = performance;
}

export function leaveTurn(performance) {
  if (globalThis.musiclab?.sounding === performance) globalThis.musiclab.sounding = null;
}
