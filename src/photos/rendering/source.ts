/** What a file must be before its pixels are read: of a type that is taken, and within bounds by its own headers. */
import type { Metadata } from 'sharp';
import { Refused } from './refused.js';

const FORMATS: ((begin: Buffer) => boolean)[] = [
  (begin) => says(begin, 0, '\xff\xd8\xff'),
  (begin) => says(begin, 0, '\x89PNG\r\n\x1a\n'),
  (begin) => says(begin, 0, 'RIFF') && says(begin, 8, 'WEBPVP8'),
  (begin) => says(begin, 4, 'ftypavif') || says(begin, 4, 'ftypavis'),
];
const START_OF_SCAN = 0xda;

const MAX_PIXELS = 50_000_000;
// WebP has no longer ones.
const MAX_SIDE = 16_383;
const MAX_FRAMES = 200;
const MAX_EXIF_BYTES = 1024 * 1024;
// What a decoder holds at once, beside the program itself.
const MAX_HELD_BYTES = 230 * 1024 * 1024;

/** By its first bytes, so that no other reader of images sees it. */
export function requireType(bytes: Buffer): void {
  if (!FORMATS.some((isIt) => isIt(bytes))) throw new Refused('type');
}

function says(bytes: Buffer, at: number, text: string): boolean {
  return bytes.toString('latin1', at, at + text.length) === text;
}

export function requireAffordable(bytes: Buffer, metadata: Metadata): void {
  const { width, height, pages = 1, format, compression } = metadata;
  if (format === 'heif' && compression !== 'av1') throw new Refused('type');
  const isLarge = Math.max(width, height) > MAX_SIDE || width * height > MAX_PIXELS;
  const isLong = pages > MAX_FRAMES || exifBytes(bytes, metadata) > MAX_EXIF_BYTES;
  if (isLarge || isLong || heldBytes(metadata) > MAX_HELD_BYTES) throw new Refused('complex');
}

/** A JPEG can have many segments of it, of which libvips tells one. */
function exifBytes(bytes: Buffer, { format, exif }: Metadata): number {
  if (format !== 'jpeg') return exif?.length ?? 0;
  let sum = 0;
  for (let at = 2; bytes[at] === 0xff && bytes[at + 1] !== START_OF_SCAN && at + 4 < bytes.length;) {
    const length = bytes.readUInt16BE(at + 2);
    if (bytes.toString('latin1', at + 4, at + 8) === 'Exif') sum += length;
    at += 2 + length;
  }
  return sum;
}

/** Most images are decoded line by line; measured, these are held as a whole. */
function heldBytes({ format, width, height, channels, depth, isProgressive, chromaSubsampling }: Metadata): number {
  const pixels = width * height;
  const sampleBytes = depth === 'uchar' ? 1 : 2;
  if (format === 'heif') return pixels * (sampleBytes === 1 ? 19 : 25);
  if (!isProgressive) return 0;
  if (format === 'png') return pixels * channels * sampleBytes * 1.2;
  return pixels * 2 * (chromaSubsampling === '4:2:0' ? 1.5 : channels);
}
