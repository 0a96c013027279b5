// A number's link takes the page's filters along when somebody is about to follow it, by pointer or by key, or to copy it.
if (!window.takesAlong) {
  window.takesAlong = true;
  const take = (event) => {
    const link = event.target instanceof Element ? event.target.closest("a.tr") : null;
    if (!link) return;
    const here = new URLSearchParams(window.location.search);
    const to = new URL(link.href);
    for (const name of NAMES) {
      if (here.get(name)) to.searchParams.set(name, here.get(name));
      else to.searchParams.delete(name);
    }
    link.href = to.href;
  };
  for (const kind of ["pointerdown", "focusin"]) document.addEventListener(kind, take, true);
}
