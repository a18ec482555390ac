// The page: a photograph in, its classes over it.

import { Refusal, model as fetchModel, segment } from './api.js';
import { Legend, element, percent, swatch } from './legend.js';
import { Mask, rgbOf } from './mask.js';
import { many, megabytes, prepare, show } from './picture.js';
import { palettePng } from './png.js';
import { Pointer } from './pointer.js';

const SIDES = [480, 768, 1024, 1536, 2048];
const CHIPS = 28;
const CANVAS_PIXELS = 16e6; // What phones allow.
const $ = id => document.getElementById(id);

let model = null;
let picture = null;
let mask = null;
let running = null;
const hidden = new Set();

const legend = new Legend($('legend'), { onToggle: toggle, onFocus: id => paint(id) });
const pointer = new Pointer($('frame'), $('tip'), $('cross'), $('spoken'), { classAt, onClass: id => legend.mark(id) });

function classAt(x, y) {
  const id = mask?.at(x, y);
  return mask?.classes.find(entry => entry.id === id) ?? null;
}

async function start() {
  try {
    model = await fetchModel();
  } catch (error) {
    fail(error);
    return;
  }

  $('title').textContent = document.title = model.name;
  $('subtitle').textContent = `${model.classes.length} ${model.classes.length === 1 ? 'class' : 'classes'}`;
  $('limits').textContent = `Up to ${megabytes(model.limits.bytes)} and ${many(model.limits.pixels)} pixels.`;
  $('chips').replaceChildren(...model.classes.slice(0, CHIPS).map(({ name, color }) => {
    const chip = element('li');
    chip.append(swatch(color), name);
    return chip;
  }));
  if (model.classes.length > CHIPS) $('chips').append(element('li', 'soft', {}, `and ${model.classes.length - CHIPS} more`));
  $('knows').hidden = false;
  const sides = [...new Set([...SIDES, model.page_max_side])].filter(side => side > 0).sort((a, b) => a - b);
  $('side').replaceChildren(...sides.map(side => new Option(`${side} pixels`, side)), new Option('the photograph’s own size', 0));
  $('side').value = model.page_max_side;
}

async function take(file) {
  if (!file || !model) return;
  running?.abort();
  const run = running = new AbortController();
  clearError();
  try {
    const prepared = await prepare(file, model.limits);
    if (run.signal.aborted) return;
    picture = prepared;
    mask = null;
    hidden.clear();
    await reveal(run.signal);
    await analyse(run);
  } catch (error) {
    if (!run.signal.aborted) fail(error);
  }
}

// Shows the photograph while the network works on it.
async function reveal(signal) {
  pointer.leave();
  const shown = await show($('photo'), picture.blob);
  if (signal.aborted) return;
  picture.shown = shown;
  if (!shown) return;
  const { naturalWidth: width, naturalHeight: height } = $('photo');
  $('photo').alt = picture.name ? `The photograph ${picture.name}` : 'The photograph';
  $('frame').style.setProperty('--ratio', width / height);
  $('frame').setAttribute('aria-label', picture.name || 'The photograph');
  $('overlay').width = $('overlay').height = 0;
  $('file-name').textContent = picture.name || 'From the clipboard';
  $('file-size').textContent = `${width} × ${height}`;
  $('legend').replaceChildren();
  $('times').replaceChildren();
  $('welcome').hidden = true;
  $('work').hidden = $('another').hidden = false;
}

async function analyse(run) {
  busy(true);
  $('status').textContent = 'Segmenting …';
  const began = performance.now();
  try {
    const result = await segment(picture.blob, Number($('side').value), run.signal, seconds => {
      $('status').textContent = `The server is busy; trying again in ${seconds} s.`;
      note($('status').textContent, true);
    });
    if (run.signal.aborted) return;
    clearError();
    if (!picture.shown) throw new Refusal('The server could read this picture, but the browser cannot show it.');
    mask = new Mask(result);
    tell(result, performance.now() - began);
  } finally {
    if (running === run) {
      busy(false);
      running = null;
    }
  }
}

function tell(result, milliseconds) {
  legend.fill(result.classes);
  legend.press(hidden);
  paint(null);
  $('frame').classList.remove('reveal');
  void $('frame').offsetWidth; // The animation begins anew.
  $('frame').classList.add('reveal');
  const { queue, decode, network } = result.milliseconds;
  $('times').replaceChildren(...[queue >= 50 ? ['Waiting', queue] : null, ['Decoding', decode], ['Network', network], ['In all', milliseconds]]
    .filter(Boolean).map(([name, time]) => figure(name, time)));
  const most = result.classes.slice(0, 3).map(({ name, share }) => `${name} ${percent(share)}`).join(', ');
  $('status').textContent = `Done. ${result.classes.length} ${result.classes.length === 1 ? 'class' : 'classes'}: ${most}.`;
}

function figure(name, milliseconds) {
  const [value, unit] = milliseconds < 1000 ? [Math.round(milliseconds), 'ms'] : [(milliseconds / 1000).toFixed(1), 's'];
  const box = element('div');
  const figures = element('dd', '', {}, `${value} `);
  figures.append(element('small', '', {}, unit));
  box.append(element('dt', '', {}, name), figures);
  return box;
}

function paint(focus) {
  mask?.paint($('overlay'), hidden, focus);
}

function toggle(id) {
  if (!hidden.delete(id)) hidden.add(id);
  legend.press(hidden);
  $('show-all').hidden = hidden.size === 0;
  paint(null);
}

function busy(is) {
  $('progress').hidden = !is;
  $('frame').classList.toggle('busy', is);
  $('frame').setAttribute('aria-busy', String(is));
  for (const id of ['save-mask', 'save-overlay', 'compare']) $(id).disabled = is || !mask;
}

function fail(error) {
  note(error instanceof Refusal ? error.message : `Something went wrong on this page: ${error.message}`);
  for (const id of ['save-mask', 'save-overlay', 'compare']) $(id).disabled = !mask;
  if (!mask) {
    // Back to where another photograph can be given.
    $('welcome').hidden = false;
    $('work').hidden = $('another').hidden = true;
  }
}

function note(text, calm = false) {
  $('error').classList.toggle('calm', calm);
  $('error-text').textContent = text;
  $('error').hidden = false;
}

function clearError() {
  $('error').hidden = true;
}

function opacity() {
  const value = $('opacity').value;
  $('frame').style.setProperty('--opacity', value / 100);
  $('opacity-value').textContent = `${value} %`;
}

function save(blob, what) {
  const link = element('a', '', { download: `${(picture.name || 'photograph').replace(/\.[^.]*$/, '')}-${what}.png` });
  link.href = URL.createObjectURL(blob);
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

async function saveMask() {
  const colours = [];
  for (const { id, color } of model.classes) colours[id] = rgbOf(color);
  save(await palettePng(mask.width, mask.height, mask.ids, colours), 'mask');
}

// What is seen: the photograph, the colours as strong as the slider says, without those that are hidden.
function saveOverlay() {
  const scale = Math.min(1, Math.sqrt(CANVAS_PIXELS / (mask.width * mask.height)));
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [Math.round(mask.width * scale), Math.round(mask.height * scale)];
  const context = canvas.getContext('2d');
  context.drawImage($('photo'), 0, 0, canvas.width, canvas.height);
  context.globalAlpha = $('opacity').value / 100;
  context.imageSmoothingEnabled = false;
  context.drawImage($('overlay'), 0, 0, canvas.width, canvas.height);
  canvas.toBlob(blob => save(blob, 'overlay'), 'image/png');
}

function comparing(is) {
  $('frame').classList.toggle('comparing', is);
}

for (const id of ['choose', 'another']) $(id).addEventListener('click', () => $('file').click());
$('file').addEventListener('change', event => {
  take(event.target.files[0]);
  event.target.value = '';
});
$('error-close').addEventListener('click', clearError);
$('opacity').addEventListener('input', opacity);
$('side').addEventListener('change', () => {
  if (!picture) return;
  running?.abort();
  running = new AbortController();
  clearError();
  const run = running;
  analyse(run).catch(error => run.signal.aborted || fail(error));
});
$('show-all').addEventListener('click', () => {
  hidden.clear();
  legend.press(hidden);
  $('show-all').hidden = true;
  paint(null);
});
$('save-mask').addEventListener('click', () => saveMask().catch(fail));
$('save-overlay').addEventListener('click', saveOverlay);
$('compare').addEventListener('pointerdown', () => comparing(true));
for (const event of ['pointerup', 'pointercancel', 'pointerleave', 'blur']) $('compare').addEventListener(event, () => comparing(false));
$('compare').addEventListener('keydown', event => [' ', 'Enter'].includes(event.key) && comparing(true));
$('compare').addEventListener('keyup', () => comparing(false));
$('compare').addEventListener('contextmenu', event => event.preventDefault());

document.addEventListener('paste', event => {
  const file = [...event.clipboardData.files][0];
  if (file) take(file);
});

// dragenter and dragleave come for every element that is passed; the overlay goes when the pointer leaves the window.
const carriesFiles = event => [...event.dataTransfer.types].includes('Files');
document.addEventListener('dragover', event => {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  $('drag').hidden = false;
});
document.addEventListener('dragleave', event => {
  if (!event.relatedTarget) $('drag').hidden = true;
});
document.addEventListener('drop', event => {
  event.preventDefault();
  $('drag').hidden = true;
  take(event.dataTransfer.files[0]);
});

opacity();
start();
