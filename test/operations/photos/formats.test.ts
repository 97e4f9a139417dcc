/** Every kind of image that is taken, and what becomes of it. */
import sharp from 'sharp';
import { type Api, startApi, type User } from '../../support/api.js';
import { colourAt, flag, plain } from '../../photos/images.js';
import { pathOf, put, read } from '../../photos/photos.js';

let api: Api;
let ada: User;
beforeAll(async () => {
  api = await startApi();
  ada = await api.signUp();
});
afterAll(() => api.stop());

const shape = () => plain(2_000, 1_000);
const taken = (size: number) => read(api, `${pathOf(ada)}?size=${size}`);

test.each([
  ['JPEG', () => shape().jpeg()],
  ['progressive JPEG in CMYK', () => shape().toColourspace('cmyk').jpeg({ progressive: true })],
  ['grey JPEG', () => shape().greyscale().jpeg()],
  ['PNG', () => shape().png()],
  ['PNG of 16 bits', () => shape().toColourspace('rgb16').png()],
  ['PNG with a palette', () => shape().png({ palette: true })],
  ['interlaced PNG', () => shape().png({ progressive: true })],
  ['WebP', () => shape().webp()],
  ['WebP without loss', () => shape().webp({ lossless: true })],
  ['AVIF', () => shape().avif({ effort: 0 })],
  ['AVIF of 10 bits', () => shape().avif({ effort: 0, bitdepth: 10 })],
])('a %s becomes three pictures in WebP', async (_, made) => {
  const { body } = await put(ada, await made().toBuffer()).expect(200);
  expect(body).toMatchObject({ width: 1_024, height: 512 });
  const pictures = await Promise.all([64, 256, 1_024].map(taken));
  expect(body.bytes).toBe(pictures.reduce((sum, { length }) => sum + length, 0));
  for (const [index, size] of [64, 256, 1_024].entries()) {
    const { format, width, height, space } = await sharp(pictures[index]).metadata();
    expect({ format, width, height, space }).toEqual({ format: 'webp', width: size, height: size / 2, space: 'srgb' });
  }
});

test('nothing is enlarged', async () => {
  const { body } = await put(ada, await plain(100, 50).png().toBuffer()).expect(200);
  expect(body).toMatchObject({ width: 100, height: 50 });
  expect(await sharp(await taken(1_024)).metadata()).toMatchObject({ width: 100, height: 50 });
  expect(await sharp(await taken(64)).metadata()).toMatchObject({ width: 64, height: 32 });
});

test.each([1, 2, 3, 4, 5, 6, 7, 8])('an image of the orientation %i of EXIF is upright, without EXIF', async (n) => {
  const sent = await flag(40, 20).withMetadata({ orientation: n }).jpeg().toBuffer();
  const { data: right, info } = await sharp(sent).autoOrient().png().toBuffer({ resolveWithObject: true });
  expect((await put(ada, sent).expect(200)).body).toMatchObject({ width: info.width, height: info.height });
  const picture = await taken(256);
  const { width, height, orientation } = await sharp(picture).metadata();
  expect([width, height, orientation]).toEqual([info.width, info.height, undefined]);
  for (const [left, top] of [
    [2, 2],
    [width - 3, 2],
    [2, height - 3],
  ] as const)
    expect(await colourAt(picture, left, top)).toBe(await colourAt(right, left, top));
});

test('what is transparent stays so', async () => {
  const clear = sharp({ create: { width: 9, height: 9, channels: 4, background: '#0000' } });
  await put(ada, await clear.png().toBuffer()).expect(200);
  expect(await sharp(await taken(64)).metadata()).toMatchObject({ hasAlpha: true });
});

test('of an animation, the first picture is left', async () => {
  const frames = ['red', 'blue', 'lime'].map((colour) => plain(8, 8, colour).png().toBuffer());
  const animated = await sharp(await Promise.all(frames), { join: { animated: true } })
    .webp({ delay: [50, 50, 50] })
    .toBuffer();
  expect(await sharp(animated).metadata()).toMatchObject({ pages: 3 });
  await put(ada, animated).expect(200);
  const picture = await taken(64);
  expect((await sharp(picture).metadata()).pages).toBeUndefined();
  expect(await colourAt(picture, 4, 4)).toBe('red');
});
