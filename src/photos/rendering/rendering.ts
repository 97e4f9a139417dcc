/** What goes to the process that renders a photo, and what comes back. */

/** The longer side of each picture, in pixels. */
export const SIZES = [64, 256, 1024] as const;
export type Size = (typeof SIZES)[number];

/** Of every picture, whatever was sent. */
export const PHOTO_TYPE = 'image/webp';

export interface Picture {
  size: Size;
  bytes: Buffer;
}

export interface Rendered {
  /** Of the largest picture. */
  width: number;
  height: number;
  pictures: Picture[];
}

/** Why a file was refused: it is no form with a file, no image of a type that is taken, damaged, or costs too much. */
export type Refusal = 'form' | 'type' | 'broken' | 'complex';

/** The exit code of a process that has met its bounds. */
export const TOO_COSTLY = 3;

export type Outcome = { rendered: Rendered } | { refused: Refusal };
