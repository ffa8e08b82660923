"""Files that come from the user, and files that go to the user, in a notebook or on a page."""

import anywidget
import traitlets

STYLE = ".musiclab-file { font: inherit; max-width: 100% } .musiclab-file label { display: block; margin-bottom: 2px }"


class FilePicker(anywidget.AnyWidget):
    """A file of the user's. One that is too large stays where it is: a long message would cut the connection to the kernel.

    Args:
        label: the words above.
        accept: the endings of names that the browser offers, such as ".mid".
        most: bytes.
    """

    label = traitlets.Unicode("File").tag(sync=True)
    accept = traitlets.Unicode("").tag(sync=True)
    most = traitlets.Int(2**20).tag(sync=True)

    _esm = """
export default {
  render({ model, el }) {
    const label = document.createElement("label"), input = document.createElement("input");
    label.append(document.createElement("span"), input);
    el.classList.add("musiclab-file");
    label.firstChild.textContent = model.get("label") + " ";
    input.type = "file";
    input.accept = model.get("accept");
    input.addEventListener("change", async () => {
      const file = input.files[0];
      if (!file) return;
      try {
        const most = model.get("most");
        if (file.size > most) model.send({ name: file.name, size: file.size });
        else model.send({ name: file.name, size: file.size }, undefined, [await file.arrayBuffer()]);
      } catch {
        model.send({ name: file.name, size: null });  // it was moved, or may not be read
      }
      input.value = "";  // so that the same file can be chosen again
    });
    el.append(label);
  },
};
"""
    _css = STYLE

    def __init__(self, on_file, **traits):
        """`on_file(name, content, size)` gets each file; its content is None where it is too large, the size too where it cannot be read."""
        super().__init__(**traits)
        self._on_file = on_file
        self.on_msg(
            lambda _, message, buffers: self.receive(message["name"], bytes(buffers[0]) if buffers else None, message["size"])
        )

    def receive(self, name, content, size=None):
        """Take a file in, as if the user had chosen it."""
        self._on_file(name, content, len(content) if content is not None else size)


class FileKeeper(anywidget.AnyWidget):
    """A place from which files go to the user's downloads: at once, and again by a link that stays."""

    _esm = """
export default {
  render({ model, el }) {
    el.classList.add("musiclab-file");
    let url;
    const offer = ({ name, mime }, buffers) => {
      if (url) URL.revokeObjectURL(url);
      el.replaceChildren();
      url = undefined;
      if (!buffers.length) return;
      const link = document.createElement("a");
      link.href = url = URL.createObjectURL(new Blob(buffers, { type: mime }));
      link.download = name;
      link.textContent = `Save ${name} (${(buffers[0].byteLength / 1e6).toFixed(1)} MB)`;
      el.append(link);
      link.click();
    };
    model.on("msg:custom", offer);
    return () => { model.off("msg:custom", offer); if (url) URL.revokeObjectURL(url); };
  },
};
"""
    _css = STYLE

    def offer(self, name, content, mime):
        """Hand a file to the user."""
        self.last = (name, content)
        self.send({"name": name, "mime": mime}, [content])

    def clear(self):
        """Take the link away."""
        self.send({}, [])
