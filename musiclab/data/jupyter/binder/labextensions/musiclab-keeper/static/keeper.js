// Binder keeps nothing. So each notebook is kept in this browser while it is worked on, and when a lesson is opened again, on a new
// Binder, the earlier work is offered. It lies in the storage of jupyter-offlinenotebook, beside what its button saves.
(() => {
  const NAME = "musiclab-keeper";
  const EVERY = 5_000; // milliseconds between two looks
  const REMIND = 30 * 60_000;
  const DATABASE = "jupyter-offlinenotebook", STORE = "offlinenotebook", VERSION = 10; // Dexie's version 1

  const asked = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

  function openStorage() {
    const request = indexedDB.open(DATABASE, VERSION);
    request.onupgradeneeded = () => {
      const store = request.result.createObjectStore(STORE, { keyPath: "pk" });
      for (const index of ["repoid", "name", "type"]) store.createIndex(index, index);
    };
    return asked(request);
  }

  // What a student writes: sources, in order. What a cell puts out comes back when it is run.
  const written = (notebook) => JSON.stringify(notebook.cells.map((cell) => [cell.cell_type, cell.source]));

  async function activate(app) {
    const base = document.baseURI, options = JSON.parse(document.getElementById("jupyter-config-data").textContent);
    const answer = await fetch(new URL(`${options.baseUrl}offlinenotebook/config`, base));
    const { repoid } = await answer.json();
    const database = await openStorage();
    const storage = (mode) => database.transaction(STORE, mode).objectStore(STORE);
    const key = (path) => `repoid:${repoid} path:${path}`; // as jupyter-offlinenotebook names what its button saves
    const own = (path) => `${key(path)} while worked on`;
    const known = new Map(); // path -> {earlier, kept}: the copy from before, and what was written when it was kept last
    let changed = false;

    const notify = (message, actions, type = "info") =>
      app.commands.execute("apputils:notify", { message, type, options: { autoClose: false, actions } });
    const notebooks = () => [...app.shell.widgets("main")].filter(({ context }) => context?.path.endsWith(".ipynb") && context.isReady);

    app.commands.addCommand(`${NAME}:bring-back`, {
      label: "Bring back my earlier work",
      execute: ({ path }) => {
        const open = notebooks().find(({ context }) => context.path === path), earlier = known.get(path)?.earlier;
        if (open && earlier) open.context.model.fromJSON(earlier.content);
      },
    });

    const keep = (pk, path, content) =>
      asked(storage("readwrite").put({ pk, repoid, name: path.split("/").pop(), path, format: "json", type: "notebook", content }));

    async function meet({ path, model }, content) {
      const found = (await asked(storage("readonly").get(own(path)))) ?? (await asked(storage("readonly").get(key(path))));
      const earlier = found && written(found.content) !== written(content) ? found : undefined;
      known.set(path, { earlier, kept: model.dirty ? undefined : written(content) });
      if (!earlier) return;
      await keep(`${own(path)} before`, path, earlier.content); // what is written now must not take its place
      notify(
        `You have worked on ${earlier.name} in this browser before.`,
        [{ label: "Bring it back", commandId: `${NAME}:bring-back`, args: { path }, displayType: "accent" }],
      );
    }

    async function look() {
      for (const { context } of notebooks()) {
        const content = context.model.toJSON(), now = written(content);
        if (!known.has(context.path)) await meet(context, content);
        else if (now !== known.get(context.path).kept) {
          known.get(context.path).kept = now;
          changed = true;
          await keep(own(context.path), context.path, content);
        }
      }
    }

    const turn = () => look().catch((error) => console.warn(NAME, error)).finally(() => setTimeout(turn, EVERY));
    const remind = () =>
      notify(
        "Binder forgets everything after 10 idle minutes. Your work is kept in this browser; " +
          "to be safe, download it too.",
        [{ label: "Download this notebook", commandId: "docmanager:download" }],
        "warning",
      );
    await app.restored;
    remind();
    setInterval(() => changed && ((changed = false), remind()), REMIND);
    turn();
  }

  const plugin = { id: `${NAME}:plugin`, autoStart: true, activate: (app) => void activate(app).catch((error) => console.warn(NAME, error)) };
  (globalThis._JUPYTERLAB ||= {})[NAME] = { init: () => {}, get: async () => () => ({ __esModule: true, default: plugin }) };
})();
