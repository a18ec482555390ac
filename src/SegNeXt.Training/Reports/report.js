for (const plot of document.querySelectorAll('.plot')) {
  const series = JSON.parse(plot.dataset.series);
  const last = +plot.dataset.last || 1;
  const cursor = plot.querySelector('.cursor');
  const output = plot.querySelector('output');
  const nearest = (x, at) => {
    let low = 0, high = x.length - 1;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (x[middle] < at) low = middle; else high = middle;
    }
    return at - x[low] < x[high] - at ? low : high;
  };
  const hide = () => { cursor.hidden = output.hidden = true; };
  plot.addEventListener('pointerleave', hide);
  plot.addEventListener('pointermove', event => {
    const box = plot.getBoundingClientRect();
    const at = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width)) * last;
    const lines = [];
    let shown = null;
    for (const s of series) {
      if (!s.x.length) continue;
      const i = nearest(s.x, at);
      if (shown === null) {
        shown = s.x[i];
        lines.push('iteration ' + shown.toLocaleString('en'));
      }
      lines.push(s.name + ' ' + (s.y[i] ?? 'not a number'));
    }
    if (shown === null) return hide();
    output.replaceChildren(...lines.flatMap((line, i) => i ? [document.createElement('br'), line] : [line]));
    cursor.hidden = output.hidden = false;
    cursor.style.left = 100 * shown / last + '%';
    const side = shown / last > .5;
    output.style.left = side ? 'auto' : 'calc(' + 100 * shown / last + '% + .6rem)';
    output.style.right = side ? 'calc(' + 100 * (1 - shown / last) + '% + .6rem)' : 'auto';
  });
}
