/** Files that no service wants, made by code: each is small, whatever it claims to be. */
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import sharp from 'sharp';
import { flag, plain } from '../../photos/images.js';
import { chunk, end, HEADER, png, pngHeader } from './png.js';

type Made = Buffer | Promise<Buffer>;
export type HostileFile = [name: string, status: number, made: () => Made];

const MEBIBYTE = 1024 * 1024;
const SCRIPT = '<script>alert(1)</script>';
const SVG = '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)" width="9" height="9"/>';
// TIFF 6.0, 2: a directory without entries.
const EXIF = Buffer.concat([Buffer.from('49492a000800000000000000', 'hex'), Buffer.alloc(4 * MEBIBYTE)]);
const text = (content: string) => Buffer.from(content, 'latin1');

/** With noise, so that none of the formats makes next to nothing of it. */
const photo = () =>
  sharp({
    create: { width: 200, height: 150, channels: 3, noise: { type: 'gaussian', mean: 128, sigma: 40 }, background: '' },
  });
const FORMATS = {
  JPEG: () => photo().jpeg().toBuffer(),
  PNG: () => photo().png().toBuffer(),
  WebP: () => photo().webp().toBuffer(),
  AVIF: () => photo().avif({ effort: 0 }).toBuffer(),
};

/** A file whose numbers are others than it has: after a mark, at an offset, of so many bytes. */
async function patched(made: Promise<Buffer>, mark: Buffer, patches: [offset: number, bytes: number[]][]) {
  const file = await made;
  const at = file.indexOf(mark);
  if (at < 0) throw new Error('There is no such mark');
  for (const [offset, bytes] of patches) Buffer.from(bytes).copy(file, at + offset);
  return file;
}

const jpegOf = (width: number, height: number, isProgressive = false) =>
  patched(
    flag(64, 64).jpeg({ progressive: isProgressive, chromaSubsampling: '4:4:4' }).toBuffer(),
    Buffer.from([0xff, isProgressive ? 0xc2 : 0xc0]),
    [[5, [height >> 8, height & 255, width >> 8, width & 255]]],
  );

const avifOf = (width: number, height: number) =>
  patched(FORMATS.AVIF(), text('ispe'), [
    [8, [width >>> 24, (width >> 16) & 255, (width >> 8) & 255, width & 255]],
    [12, [height >>> 24, (height >> 16) & 255, (height >> 8) & 255, height & 255]],
  ]);

async function animation(frames: number): Promise<Buffer> {
  const pixels = Buffer.alloc(8 * 8 * 3 * frames);
  // Frames that are equal would become one.
  for (let frame = 0; frame < frames; frame++) pixels.fill((frame * 97) % 251, frame * 192, frame * 192 + 96);
  return sharp(pixels, { raw: { width: 8, height: 8 * frames, channels: 3, pageHeight: 8 } })
    .webp({ loop: 0, lossless: true, effort: 0 })
    .toBuffer();
}

const claims: HostileFile[] = [
  ['a PNG of 1×60,000', 422, () => png({ width: 1, height: 60_000 })],
  ['a PNG of 60,000×1', 422, () => png({ width: 60_000, height: 1 })],
  ['a JPEG of 1×60,000', 422, () => plain(1, 60_000).jpeg().toBuffer()],
  ['a PNG that claims 60,000×60,000', 422, () => pngHeader({ width: 60_000, height: 60_000 })],
  ['a PNG that claims 2³¹−1 squared', 422, () => pngHeader({ width: 2 ** 31 - 1, height: 2 ** 31 - 1 })],
  ['a PNG of no size', 422, () => pngHeader({ width: 0, height: 0 })],
  ['a PNG of 51 megapixels in 50 kB', 422, () => png({ width: 7_142, height: 7_142, depth: 1, colour: 0 })],
  [
    'an interlaced PNG that claims 400 MB',
    422,
    () => pngHeader({ width: 7_000, height: 7_000, depth: 16, interlaced: true }),
  ],
  ['a JPEG that claims 65,535×65,535', 422, () => jpegOf(65_535, 65_535)],
  ['a JPEG that claims 16,000×16,000', 422, () => jpegOf(16_000, 16_000)],
  ['a progressive JPEG that claims 300 MB of coefficients', 422, () => jpegOf(7_000, 7_000, true)],
  ['an AVIF that claims 40,000×40,000', 422, () => avifOf(40_000, 40_000)],
  ['an AVIF that claims 7,000×7,000', 422, () => avifOf(7_000, 7_000)],
  ['an AVIF of 16 megapixels', 422, () => plain(4_000, 4_000).avif({ effort: 0, quality: 20 }).toBuffer()],
  ['an animation of 500 frames', 422, () => animation(500)],
  ['an animation of 201 frames', 422, () => animation(201)],
  ['a PNG with EXIF of 4 MB', 422, () => png({ width: 9, height: 9, extra: [chunk('eXIf', EXIF)] })],
  ['a JPEG with EXIF of 4 MB', 422, () => plain(9, 9).jpeg().toBuffer().then(withSegments)],
  ['a WebP with EXIF of 4 MB', 422, () => plain(9, 9).webp().toBuffer().then(withExif)],
];

/** A segment has at most 64 KiB, so there are many. */
function withSegments(jpeg: Buffer): Buffer {
  const segment = Buffer.concat([Buffer.from([0xff, 0xe1, 0xff, 0xff]), text('Exif\0\0'), EXIF.subarray(0, 65_527)]);
  return Buffer.concat([jpeg.subarray(0, 2), ...Array<Buffer>(64).fill(segment), jpeg.subarray(2)]);
}

/** RFC 9649, 2.7: the extended format says what follows. */
function withExif(webp: Buffer): Buffer {
  const extended = riff('VP8X', Buffer.from([8, 0, 0, 0, 8, 0, 0, 8, 0, 0]));
  const body = Buffer.concat([text('WEBP'), extended, webp.subarray(12), riff('EXIF', EXIF)]);
  return Buffer.concat([text('RIFF'), size(body.length), body]);
}

const size = (bytes: number) => Buffer.from([bytes & 255, (bytes >> 8) & 255, (bytes >> 16) & 255, bytes >>> 24]);
const riff = (name: string, data: Buffer) => Buffer.concat([text(name), size(data.length), data]);

const truncated: HostileFile[] = Object.entries(FORMATS).flatMap(([format, made]) =>
  [10, 50, 90].map((percent): HostileFile => [
    `${percent} % of a ${format}`,
    422,
    async () => {
      const whole = await made();
      return whole.subarray(0, (whole.length * percent) / 100);
    },
  ]),
);

const WEBP = text('RIFF\0\0\0\0WEBPVP8 ');
const AVIF = text('\0\0\0\x1cftypavif\0\0\0\0avifmif1');
const damaged: HostileFile[] = [
  ['the signature of a JPEG', 422, () => Buffer.from([0xff, 0xd8, 0xff])],
  ['the signature of a PNG', 422, () => HEADER],
  ['the signature of a WebP', 422, () => WEBP],
  ['the signature of an AVIF', 422, () => AVIF],
  ['the signature of a JPEG before a page', 422, () => Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), text(SCRIPT)])],
  ['the signature of a PNG before a drawing', 422, () => Buffer.concat([HEADER, text(SVG)])],
  ['the signature of a WebP before a page', 422, () => Buffer.concat([WEBP, text(SCRIPT)])],
  ['the signature of an AVIF before a page', 422, () => Buffer.concat([AVIF, text(SCRIPT)])],
  ['a PNG without pixels', 422, () => Buffer.concat([pngHeader({ width: 9, height: 9 }), end])],
  ['a PNG of a palette without one', 422, () => png({ width: 9, height: 9, colour: 3 })],
  ['a PNG whose pixels are not packed', 422, () => png({ width: 9, height: 9, pack: (bytes) => bytes })],
  ['a PNG whose pixels have no header of zlib', 422, () => png({ width: 9, height: 9, pack: deflateRawSync })],
  [
    'a PNG with fewer pixels than it claims',
    422,
    () => png({ width: 900, height: 900, pack: (bytes) => deflateSync(bytes.subarray(0, 99)) }),
  ],
];

const others: HostileFile[] = [
  ['a GIF', () => plain(9, 9).gif().toBuffer()],
  ['a TIFF', () => plain(9, 9).tiff().toBuffer()],
  ['a drawing in SVG', () => text(SVG)],
  ['a drawing with a prologue', () => text(`<?xml version="1.0"?>${SVG}`)],
  ['a drawing in UTF-16', () => Buffer.from(`\ufeff${SVG}`, 'utf16le')],
  ['a packed drawing', () => gzipSync(SVG)],
  [
    'a drawing with a PNG in it',
    async () => text(`<svg><image href="data:image/png;base64,${(await FORMATS.PNG()).toString('base64')}"/></svg>`),
  ],
  ['a drawing that reads files', () => text('<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg>&x;</svg>')],
  ['a page', () => text(`<!doctype html>${SCRIPT}`)],
  ['a script', () => text('alert(1)')],
  ['a GIF that is a script', () => text('GIF89a/*\0\0\0\0*/=1;alert(1)')],
  ['a BMP that is a script', () => text('BM/*\0\0\0\0*/=1;alert(1)')],
  ['a PDF', () => text('%PDF-1.7\n%%EOF')],
  ['a PDF with a JPEG behind it', async () => Buffer.concat([text('%PDF-1.7\n'), await FORMATS.JPEG()])],
  ['an archive', () => text('PK\x03\x04\0\0')],
  ['an archive with a PNG behind it', async () => Buffer.concat([text('PK\x03\x04\0\0'), await FORMATS.PNG()])],
  ['a PNG behind a blank', async () => Buffer.concat([text(' '), await FORMATS.PNG()])],
  ['a film', () => text('\0\0\0\x18ftypisom\0\0\0\0isomavif')],
  ['a HEIC', () => text('\0\0\0\x18ftypheic\0\0\0\0mif1heic')],
  ['a JPEG XL', () => Buffer.from('0000000c4a584c200d0a870a', 'hex')],
  ['a JPEG 2000', () => Buffer.from('0000000c6a5020200d0a870a', 'hex')],
  ['a Photoshop file', () => text('8BPS\0\x01')],
  ['an icon', () => Buffer.from('00000100010010100000', 'hex')],
  ['a program', () => text('\x7fELF\x02\x01\x01')],
].map(([name, made]): HostileFile => [name as string, 415, made as () => Made]);

export const HOSTILE: HostileFile[] = [...claims, ...truncated, ...damaged, ...others];
