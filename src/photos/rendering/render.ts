import sharp, { type Metadata, type Sharp } from 'sharp';
import { type Picture, type Rendered, SIZES } from './rendering.js';
import { requireAffordable, requireType } from './source.js';

const LARGEST = SIZES.at(-1)!;
const QUALITY = 82;

// Of what libvips reads, the four formats and nothing else.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: ['Jpeg', 'Png', 'Webp', 'Heif'].map((format) => `VipsForeignLoad${format}Buffer`),
});
sharp.cache(false);
sharp.concurrency(1);

/** The turns of EXIF (TIFF 6.0, Orientation), after mirroring, made when the picture has become small. */
const UPRIGHT: Record<number, (image: Sharp) => Sharp> = {
  2: (image) => image.flop(),
  3: (image) => image.rotate(180),
  4: (image) => image.flip(),
  5: (image) => image.rotate(270).flop(),
  6: (image) => image.rotate(90),
  7: (image) => image.rotate(90).flop(),
  8: (image) => image.rotate(270),
};

/** New pictures of the pixels of an image, upright and in sRGB, and of nothing else that its file has. */
export async function render(bytes: Buffer): Promise<Rendered> {
  requireType(bytes);
  const source = sharp(bytes, { failOn: 'error', pages: 1, limitInputPixels: false });
  const metadata = await source.metadata();
  requireAffordable(bytes, metadata);
  const { data, info } = await within(source, LARGEST)
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  const small = () => upright(sharp(data, { raw: { width, height, channels } }), metadata);
  const rendered = await Promise.all(SIZES.map((size) => picture(small(), size)));
  const [largest] = rendered.slice(-1) as [Picture & { width: number; height: number }];
  return {
    width: largest.width,
    height: largest.height,
    pictures: rendered.map(({ size, bytes: made }) => ({ size, bytes: made })),
  };
}

/** Not enlarged: clients do that as well. */
function within(image: Sharp, size: number): Sharp {
  return image.resize(size, size, { fit: 'inside', withoutEnlargement: true });
}

function upright(image: Sharp, { orientation = 1 }: Metadata): Sharp {
  return UPRIGHT[orientation]?.(image) ?? image;
}

async function picture(image: Sharp, size: Picture['size']): Promise<Picture & { width: number; height: number }> {
  const { data, info } = await within(image, size).webp({ quality: QUALITY }).toBuffer({ resolveWithObject: true });
  return { size, bytes: data, width: info.width, height: info.height };
}
