// The list of classes: each a button that hides and shows it, and brings it forward while it is pointed at.

export class Legend {
  #list;
  #rows = new Map();

  constructor(list, { onToggle, onFocus }) {
    this.#list = list;
    this.onToggle = onToggle;
    this.onFocus = onFocus;
  }

  fill(classes) {
    this.#rows.clear();
    this.#list.parentElement.style.setProperty('--rows', classes.length);
    this.#list.replaceChildren(...classes.map(entry => this.#row(entry)));
  }

  press(hidden) {
    for (const [id, row] of this.#rows) row.setAttribute('aria-pressed', String(!hidden.has(id)));
  }

  mark(id) {
    for (const [own, row] of this.#rows) row.classList.toggle('under', own === id);
  }

  #row({ id, name, color, share }) {
    const row = element('button', '', { type: 'button', 'aria-pressed': 'true' });
    const bar = element('span', 'bar', { 'aria-hidden': 'true' });
    bar.append(element('i'));
    row.append(swatch(color), element('span', 'name', {}, name), bar, element('span', 'share', {}, percent(share)));
    row.style.setProperty('--c', color);
    row.style.setProperty('--share', `${share * 100}%`);
    row.title = name;
    row.addEventListener('click', () => this.onToggle(id));
    row.addEventListener('pointerenter', event => event.pointerType === 'mouse' && this.onFocus(id));
    row.addEventListener('pointerleave', () => this.onFocus(null));
    row.addEventListener('focus', () => row.matches(':focus-visible') && this.onFocus(id));
    row.addEventListener('blur', () => this.onFocus(null));
    this.#rows.set(id, row);
    const item = element('li');
    item.append(row);
    return item;
  }
}

export function percent(share) {
  const value = share * 100;
  return value >= 9.95 ? `${Math.round(value)} %` : value >= 0.095 ? `${value.toFixed(1)} %` : '<0.1 %';
}

export function swatch(color) {
  const box = element('span', 'swatch', { 'aria-hidden': 'true' });
  box.style.setProperty('--c', color);
  return box;
}

export function element(name, className = '', attributes = {}, text = '') {
  const made = document.createElement(name);
  if (className) made.className = className;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text) made.textContent = text;
  return made;
}
