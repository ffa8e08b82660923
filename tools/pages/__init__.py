"""The course as pages that need no kernel and no network; `tools/make_site.py` writes them."""
