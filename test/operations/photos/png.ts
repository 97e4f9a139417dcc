/** PNGs by hand (https://www.w3.org/TR/png-3/), also such as no library writes. */
import { crc32, deflateSync } from 'node:zlib';

export const HEADER = Buffer.from('89504e470d0a1a0a', 'hex');
const CHANNELS: Record<number, number> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

interface Shape {
  width: number;
  height: number;
  depth?: number;
  colour?: number;
  interlaced?: boolean;
}

export function chunk(name: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const numbers = Buffer.alloc(8);
  numbers.writeUInt32BE(data.length, 0);
  numbers.writeUInt32BE(crc32(named), 4);
  return Buffer.concat([numbers.subarray(0, 4), named, numbers.subarray(4)]);
}

export const end = chunk('IEND', Buffer.alloc(0));

/** Its beginning, without pixels. */
export function pngHeader({ width, height, depth = 8, colour = 6, interlaced = false }: Shape): Buffer {
  const data = Buffer.alloc(13);
  data.writeUInt32BE(width, 0);
  data.writeUInt32BE(height, 4);
  data.set([depth, colour, 0, 0, interlaced ? 1 : 0], 8);
  return Buffer.concat([HEADER, chunk('IHDR', data)]);
}

/** A black one, row by row. */
export function png({
  extra = [],
  pack = deflateSync,
  ...shape
}: Shape & { extra?: Buffer[]; pack?: (bytes: Buffer) => Buffer }): Buffer {
  const { width, height, depth = 8, colour = 6 } = shape;
  const row = 1 + Math.ceil((width * CHANNELS[colour]! * depth) / 8);
  const pixels = chunk('IDAT', pack(Buffer.alloc(row * height)));
  return Buffer.concat([pngHeader(shape), ...extra, pixels, end]);
}
