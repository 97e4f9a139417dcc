/** Good images that carry something else. */
import { plain } from '../../photos/images.js';
import { chunk, png } from './png.js';

export const MARK = '<?php carried() ?>';

const mark = Buffer.from(MARK);
const shape = { width: 9, height: 9 };
const behind = async (image: Promise<Buffer>) => Buffer.concat([await image, mark]);
const xmp = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description>${MARK}</rdf:Description></rdf:RDF></x:xmpmeta>`;

export const carriers: [name: string, made: () => Promise<Buffer>][] = [
  ['a JPEG with a program behind it', () => behind(plain(9, 9).jpeg().toBuffer())],
  ['a PNG with a program behind it', () => behind(plain(9, 9).png().toBuffer())],
  ['a WebP with a program behind it', () => behind(plain(9, 9).webp().toBuffer())],
  [
    'a PNG with a program in a text',
    () => Promise.resolve(png({ ...shape, extra: [chunk('tEXt', Buffer.concat([Buffer.from('Comment\0'), mark]))] })),
  ],
  [
    'a JPEG with a program in its EXIF',
    () =>
      plain(9, 9)
        .withExif({ IFD0: { ImageDescription: MARK } })
        .jpeg()
        .toBuffer(),
  ],
  [
    'a WebP with a program in its EXIF',
    () =>
      plain(9, 9)
        .withExif({ IFD0: { Artist: MARK } })
        .webp()
        .toBuffer(),
  ],
  [
    'an AVIF with a program in its EXIF',
    () =>
      plain(9, 9)
        .withExif({ IFD0: { Artist: MARK } })
        .avif({ effort: 0 })
        .toBuffer(),
  ],
  ['a JPEG with a program in its XMP', () => plain(9, 9).withXmp(xmp).jpeg().toBuffer()],
];
