// On paper nothing can be opened, scrolled or turned over: what is folded up on the screen is laid out before the page is
// printed, as far as is sensible, and folded up again afterwards.
const unfolders = [];

// `unfold` makes a part ready for paper and gives what takes it back.
export function onPaper(unfold) {
  unfolders.push(unfold);
}

export function listenForPrinting() {
  let back = [];
  addEventListener('beforeprint', () => {
    if (back.length === 0) back = unfolders.map((unfold) => unfold());
  });
  addEventListener('afterprint', () => {
    back.forEach((undo) => undo());
    back = [];
  });
}
