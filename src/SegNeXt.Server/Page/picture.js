// From a file to what the server reads: JPEG and PNG as they are, whatever else the browser shows as a JPEG of it.

import { Refusal } from './api.js';

const QUALITY = 0.95;

// The file for the server; refuses what is over its limits before anything is sent.
export async function prepare(file, limits) {
  if (file.size === 0) throw new Refusal(`${label(file)} is empty.`);
  const head = new DataView(await file.slice(0, 1 << 20).arrayBuffer());
  const kind = kindOf(head);
  if (!kind) return { blob: await convert(file, limits), name: file.name };
  const size = kind === 'png' ? pngSize(head) : jpegSize(head);
  if (size) requirePixels(file, size, limits);
  if (file.size > limits.bytes) {
    throw new Refusal(`${label(file)} has ${megabytes(file.size)}, and this server takes up to ${megabytes(limits.bytes)}.`);
  }

  return { blob: file, name: file.name };
}

// Shows a file; null where the browser cannot.
export async function show(image, blob) {
  const url = URL.createObjectURL(blob);
  const last = image.src;
  image.src = url;
  try {
    await image.decode();
  } catch {
    return false;
  } finally {
    if (last.startsWith('blob:')) URL.revokeObjectURL(last);
  }

  return true;
}

export function megabytes(bytes) {
  const count = bytes / (1 << 20);
  return count < 0.1 ? `${Math.max(1, Math.round(bytes / 1024))} kB` : `${count < 10 ? count.toFixed(1).replace('.0', '') : Math.round(count)} MB`;
}

export function many(pixels) {
  return pixels < 1e6 ? `${pixels}` : `${Math.round(pixels / 1e5) / 10} million`;
}

function label(file) {
  return file.name || 'The picture';
}

function requirePixels(file, { width, height }, limits) {
  if (width * height > limits.pixels) {
    throw new Refusal(`${label(file)} has ${width} × ${height} pixels, and this server takes up to ${many(limits.pixels)}. Make it smaller and try again.`);
  }
}

async function convert(file, limits) {
  let bitmap;
  try {
    bitmap = await createImageBitmap(file);
  } catch {
    throw new Refusal(`${label(file)} is not a picture that this browser can read. JPEG and PNG always work.`);
  }

  requirePixels(file, bitmap, limits);
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [bitmap.width, bitmap.height];
  const context = canvas.getContext('2d');
  context.fillStyle = '#fff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return new Promise(resolve => canvas.toBlob(resolve, 'image/jpeg', QUALITY));
}

function kindOf(head) {
  if (head.byteLength > 3 && head.getUint32(0) >>> 8 === 0xffd8ff) return 'jpeg';
  return head.byteLength > 8 && head.getUint32(0) === 0x89504e47 ? 'png' : null;
}

function pngSize(head) {
  return head.byteLength >= 24 ? { width: head.getUint32(16), height: head.getUint32(20) } : null;
}

function jpegSize(head) {
  for (let at = 2; at + 9 < head.byteLength && head.getUint8(at) === 0xff;) {
    const marker = head.getUint8(at + 1);
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      return { height: head.getUint16(at + 5), width: head.getUint16(at + 7) };
    }

    at += marker === 0xff ? 1 : 2 + head.getUint16(at + 2);
  }

  return null;
}
