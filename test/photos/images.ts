/** Images made by code, and what they become. */
import sharp, { type Color, type Sharp } from 'sharp';

const RED = { r: 220, g: 30, b: 60 };

/** A PNG of one pixel. */
export const DOT = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==',
  'base64',
);

export function plain(width: number, height: number, background: Color = RED): Sharp {
  return sharp({ create: { width, height, channels: 3, background } });
}

/** Red above, blue below. */
export function flag(width: number, height: number): Sharp {
  const below = { create: { width, height: Math.floor(height / 2), channels: 3 as const, background: 'blue' } };
  return plain(width, height).composite([{ input: below, gravity: 'south' }]);
}

/** The colour of a pixel of an image, roughly. */
export async function colourAt(image: Buffer, left: number, top: number): Promise<'red' | 'blue' | 'other'> {
  const pixel = await sharp(image).extract({ left, top, width: 1, height: 1 }).removeAlpha().raw().toBuffer();
  const [red, green, blue] = [...pixel] as [number, number, number];
  if (red > 150 && green < 100 && blue < 120) return 'red';
  return blue > 150 && red < 100 ? 'blue' : 'other';
}
