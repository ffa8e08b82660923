"""The lessons as notebooks: their shape, and how nbgrader itself marks them."""
