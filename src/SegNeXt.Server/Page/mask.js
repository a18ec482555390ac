// Class ids of a picture, and their colours on a canvas.

const NONE = 255;
const VIEW_PIXELS = 2.5e6; // More than a screen shows; the ids themselves stay as they are.
const DIMMED = 36;

export class Mask {
  constructor(result) {
    this.width = result.width;
    this.height = result.height;
    this.classes = result.classes;
    this.ids = decode(result);
    this.view = reduce(this.ids, this.width, this.height);
  }

  // The class at a place, 0 to 1 from left to right and from top to bottom.
  at(x, y) {
    const column = Math.min(this.width - 1, Math.max(0, Math.floor(x * this.width)));
    const row = Math.min(this.height - 1, Math.max(0, Math.floor(y * this.height)));
    return this.ids[row * this.width + column];
  }

  // Paints all classes that are not hidden; with one in focus the others recede.
  paint(canvas, hidden, focus) {
    const { width, height, ids } = this.view;
    if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
    const image = new ImageData(width, height);
    const pixels = new Uint32Array(image.data.buffer);
    const [areas, edges] = this.#colours(hidden, focus);
    for (let y = 0, i = 0; y < height; y++) {
      for (let x = 0; x < width; x++, i++) {
        const id = ids[i];
        const isEdge = (x > 0 && ids[i - 1] !== id) || (x + 1 < width && ids[i + 1] !== id)
          || (y > 0 && ids[i - width] !== id) || (y + 1 < height && ids[i + width] !== id);
        pixels[i] = (isEdge ? edges : areas)[id];
      }
    }

    canvas.getContext('2d').putImageData(image, 0, 0);
  }

  #colours(hidden, focus) {
    const areas = new Uint32Array(256);
    const edges = new Uint32Array(256);
    for (const { id, color } of this.classes) {
      if (hidden.has(id) && focus !== id) continue;
      const alpha = focus === null || focus === id ? 255 : DIMMED;
      const rgb = rgbOf(color);
      areas[id] = packed(rgb, alpha);
      edges[id] = packed(shade(rgb), alpha);
    }

    return [areas, edges];
  }
}

export function rgbOf(color) {
  const value = parseInt(color.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

// Runs go down the columns from left to right, outside and inside by turns.
function decode({ width, height, classes }) {
  const ids = new Uint8Array(width * height).fill(NONE);
  for (const { id, mask } of classes) {
    let position = 0;
    for (let run = 0; run < mask.counts.length; run++) {
      const end = position + mask.counts[run];
      if (run % 2 === 1) {
        let x = Math.floor(position / height);
        let y = position % height;
        for (; position < end; position++) {
          ids[y * width + x] = id;
          if (++y === height) [x, y] = [x + 1, 0];
        }
      }

      position = end;
    }
  }

  return ids;
}

function reduce(ids, width, height) {
  const step = Math.ceil(Math.sqrt(width * height / VIEW_PIXELS));
  if (step <= 1) return { width, height, ids };
  const small = { width: Math.ceil(width / step), height: Math.ceil(height / step) };
  small.ids = new Uint8Array(small.width * small.height);
  for (let y = 0, i = 0; y < small.height; y++) {
    const row = Math.min(height - 1, y * step + (step >> 1)) * width;
    for (let x = 0; x < small.width; x++) small.ids[i++] = ids[row + Math.min(width - 1, x * step + (step >> 1))];
  }

  return small;
}

function packed([r, g, b], alpha) {
  return ((alpha << 24) | (b << 16) | (g << 8) | r) >>> 0;
}

// Darker, or for dark colours lighter.
function shade([r, g, b]) {
  const towards = 0.299 * r + 0.587 * g + 0.114 * b < 80 ? 255 : 0;
  return [r, g, b].map(value => Math.round(value + (towards - value) * 0.4));
}
