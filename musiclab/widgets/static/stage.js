// The loader, which a kernel sends with its Stage: it runs the player that the kernel sends, and asks for it where nothing came
// (after the page was loaded anew, or where the page was not yet there when the kernel sent it).
const PATIENCE = 700; // milliseconds

const bytes = (view) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength);

async function run(script) {
  const address = URL.createObjectURL(new Blob([bytes(script)], { type: "text/javascript" }));
  try {
    await import(address);
  } finally {
    URL.revokeObjectURL(address);
  }
}

function initialize({ model }) {
  const page = (globalThis.musiclab ??= {});
  const answers = new Map();
  let came = false;
  let asked = 0;
  const stage = {
    ask: (message) =>
      new Promise((resolve) => {
        asked += 1;
        answers.set(asked, resolve);
        model.send({ ...message, id: asked });
      }),
  };
  const take = {
    async player(message, [script]) {
      came = true;
      if (!page.mount) await run(script);
      page.stages.add(stage);
    },
    async sound({ problem }, [synth, font]) {
      page.bring(synth && bytes(synth), font && bytes(font).slice().buffer, problem);
      page.prepare();
    },
    async answer({ id, mime, problem }, [sound]) {
      answers.get(id)?.({ sound: sound && bytes(sound), mime, problem });
      answers.delete(id);
    },
  };
  let turn = Promise.resolve(); // one after the other, in the order in which they came
  model.on("msg:custom", (message, buffers) => {
    turn = turn.then(() => take[message.what]?.(message, buffers)).catch((problem) => console.error("musiclab:", problem));
  });
  const timer = setTimeout(() => came || model.send({ want: "stage" }), PATIENCE);
  return () => {
    clearTimeout(timer);
    page.stages?.delete(stage);
  };
}

export default { initialize };
