"""A score player on a page, as tests see it."""

PLAYER = "musiclab.playerOf(document.querySelectorAll('.musiclab-player')[{which}])"


class Seen:
    """A page with players, and what can be asked about one of them."""

    def __init__(self, page, which=0):
        self.page, self.which = page, which
        self.host = page.locator(".musiclab-player").nth(which)
        self.host.locator(".score > svg").wait_for()

    def ask(self, expression, **values):
        """Evaluate JavaScript in which `player` is the player and `given` what is passed."""
        return self.page.evaluate(
            f"(given) => {{ const player = {PLAYER.format(which=self.which)}; return {expression}; }}", values
        )

    def wait(self, condition):
        self.page.wait_for_function(f"() => {{ const player = {PLAYER.format(which=self.which)}; return {condition}; }}")

    def go_to(self, seconds):
        self.ask("player.goTo(given.seconds)", seconds=seconds)

    def play(self):
        self.host.get_by_role("button", name="Play", exact=True).click()
        self.wait("player.playing && player.performance.levels()[0] > 1e-4")

    def lit(self):
        return set(self.host.locator(".lit").evaluate_all("notes => notes.map(note => note.id)"))

    def open(self, *doors):
        if self.host.get_by_role("button", name="More").get_attribute("aria-expanded") == "false":
            self.host.get_by_role("button", name="More").click()
        for door in doors:
            self.host.get_by_role("button", name=door, exact=True).click()

    def loudness(self):
        """The loudest of twenty looks at what comes out."""
        return self.ask(
            "new Promise(done => { let most = 0, n = 0; const look = () => { most = Math.max(most, ...player.performance.levels());"
            " (n += 1) < 20 ? setTimeout(look, 40) : done(most); }; look(); })"
        )

    def middle(self, selector):
        box = self.host.locator(selector).bounding_box()
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
