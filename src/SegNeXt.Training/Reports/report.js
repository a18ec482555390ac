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

const gallery = document.querySelector('.gallery');
const classNames = gallery ? JSON.parse(gallery.dataset.classes) : {};
for (const pictures of document.querySelectorAll('.pictures')) {
  const figures = [...pictures.querySelectorAll('figure')];
  const maps = figures.filter(figure => figure.matches('.truth, .prediction'));
  if (!maps.length || !Object.keys(classNames).length) continue;
  const spots = figures.map(figure => figure.appendChild(Object.assign(document.createElement('span'), { className: 'spot', hidden: true })));
  const said = pictures.appendChild(Object.assign(document.createElement('output'), { className: 'said', hidden: true }));
  const pixels = new Map();
  const nameAt = (figure, x, y) => {
    const image = figure.querySelector('img');
    if (!image.naturalWidth) return '';
    if (!pixels.has(figure)) {
      const canvas = Object.assign(document.createElement('canvas'), { width: image.naturalWidth, height: image.naturalHeight });
      const context = canvas.getContext('2d', { willReadFrequently: true });
      context.drawImage(image, 0, 0);
      pixels.set(figure, context);
    }
    const context = pixels.get(figure);
    const at = (share, size) => Math.min(size - 1, Math.floor(share * size));
    const [r, g, b] = context.getImageData(at(x, context.canvas.width), at(y, context.canvas.height), 1, 1).data;
    return classNames[((r << 16) | (g << 8) | b).toString(16).padStart(6, '0')] ?? 'no label';
  };
  const hide = () => { said.hidden = true; for (const spot of spots) spot.hidden = true; };
  pictures.addEventListener('pointerleave', hide);
  pictures.addEventListener('pointermove', event => {
    const figure = event.target.closest('figure');
    const image = figure?.querySelector('img');
    if (!image || event.target !== image) return hide();
    const box = image.getBoundingClientRect();
    const x = Math.min(.9999, Math.max(0, (event.clientX - box.left) / box.width));
    const y = Math.min(.9999, Math.max(0, (event.clientY - box.top) / box.height));
    const [truth, taken] = maps.map(map => nameAt(map, x, y));
    said.textContent = maps.length < 2 ? truth : truth === taken ? truth : truth + ' taken for ' + taken;
    said.hidden = false;
    figure.append(said);
    const half = said.offsetWidth / 2;
    said.style.left = Math.min(document.documentElement.clientWidth - box.left - half - 6, Math.max(half + 6 - box.left, x * box.width)) + 'px';
    said.style.top = y * box.height + 'px';
    figures.forEach((other, i) => {
      const size = other.querySelector('img').getBoundingClientRect();
      spots[i].hidden = other === figure;
      spots[i].style.left = x * size.width + 'px';
      spots[i].style.top = y * size.height + 'px';
    });
  });
}
