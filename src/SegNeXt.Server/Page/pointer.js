// Tells the class under mouse, finger or, with the arrow keys, a ring of its own.

import { element, percent, swatch } from './legend.js';

const STEP = 0.01;
const LEAP = 0.08;
const keys = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export class Pointer {
  #frame;
  #tip;
  #cross;
  #spoken;
  #place = [0.5, 0.5];

  constructor(frame, tip, cross, spoken, { classAt, onClass }) {
    [this.#frame, this.#tip, this.#cross, this.#spoken] = [frame, tip, cross, spoken];
    this.classAt = classAt;
    this.onClass = onClass;
    frame.addEventListener('pointermove', event => this.#follow(event));
    frame.addEventListener('pointerdown', event => this.#follow(event));
    frame.addEventListener('pointerleave', event => event.pointerType === 'mouse' && this.leave());
    frame.addEventListener('keydown', event => this.#press(event));
    frame.addEventListener('blur', () => this.leave());
  }

  leave() {
    this.#tip.hidden = true;
    this.#cross.hidden = true;
    this.onClass(null);
  }

  #follow(event) {
    const box = this.#frame.getBoundingClientRect();
    this.#cross.hidden = true;
    this.#tell((event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
  }

  #press(event) {
    const direction = keys[event.key];
    if (event.key === 'Escape') this.leave();
    if (!direction) return;
    event.preventDefault();
    const step = event.shiftKey ? LEAP : STEP;
    const box = this.#frame.getBoundingClientRect();
    // The same distance both ways on the screen.
    const unit = Math.max(box.width, box.height);
    this.#place = [within(this.#place[0] + direction[0] * step * unit / box.width), within(this.#place[1] + direction[1] * step * unit / box.height)];
    const found = this.#tell(...this.#place);
    this.#cross.hidden = !found;
    this.#cross.style.left = `${this.#place[0] * 100}%`;
    this.#cross.style.top = `${this.#place[1] * 100}%`;
    const said = found ? `${found.name}, ${percent(found.share)} of the picture` : '';
    if (this.#spoken.textContent !== said) this.#spoken.textContent = said;
  }

  #tell(x, y) {
    const found = x >= 0 && y >= 0 && x <= 1 && y <= 1 ? this.classAt(x, y) : null;
    if (!found) {
      this.leave();
      return null;
    }

    this.#place = [x, y];
    this.#tip.replaceChildren(swatch(found.color), element('span', '', {}, found.name));
    this.#tip.hidden = false;
    const box = this.#frame.getBoundingClientRect();
    const left = x * box.width + 16;
    const fitsRight = left + this.#tip.offsetWidth < box.width;
    this.#tip.style.left = `${Math.max(4, fitsRight ? left : x * box.width - this.#tip.offsetWidth - 16)}px`;
    const above = y * box.height - this.#tip.offsetHeight - 14;
    this.#tip.style.top = `${above >= 4 ? above : Math.min(box.height - this.#tip.offsetHeight - 4, y * box.height + 18)}px`;
    this.onClass(found.id);
    return found;
  }
}

function within(value) {
  return Math.min(1, Math.max(0, value));
}
