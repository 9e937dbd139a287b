import { crc32, deflateSync } from 'node:zlib';
import type { Page } from 'playwright-core';

const MOST_COLOURS = 256;
const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** The pixels of a picture, each as one number: 0xRRGGBB. */
interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly colours: readonly number[];
}

/**
 * Writes a screenshot with a palette, which makes it smaller by half. The package carries it.
 *
 * The most frequent colours stay. The others, at the edges of letters, become the nearest of those.
 */
export async function toPalettePng(page: Page, png: Buffer): Promise<Buffer> {
  const { width, height, colours } = await pixelsOf(page, png);
  const counts = new Map<number, number>();
  for (const colour of colours) counts.set(colour, (counts.get(colour) ?? 0) + 1);
  const palette = [...counts].toSorted((a, b) => b[1] - a[1]).slice(0, MOST_COLOURS).map(([colour]) => colour);
  const indexes = new Map([...counts.keys()].map((colour) => [colour, nearestIndex(palette, colour)]));
  const rows = Buffer.alloc((width + 1) * height); // Each row begins with its filter: 0 for none.
  for (const [at, colour] of colours.entries()) rows[at + Math.floor(at / width) + 1] = indexes.get(colour) ?? 0;
  const header = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 3, 0, 0, 0]); // 8 bits, palette
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  const chunks = [chunk('IHDR', header), chunk('PLTE', Buffer.from(palette.flatMap(channelsOf))), chunk('IDAT', deflateSync(rows, { level: 9 })), chunk('IEND', Buffer.alloc(0))];
  return Buffer.concat([SIGNATURE, ...chunks]);
}

/** Lets the browser decode a picture. */
function pixelsOf(page: Page, png: Buffer): Promise<Pixels> {
  return page.evaluate(async (address) => {
    const bitmap = await createImageBitmap(await (await fetch(address)).blob());
    const { width, height } = bitmap;
    const context = new OffscreenCanvas(width, height).getContext('2d');
    context?.drawImage(bitmap, 0, 0);
    const bytes = context?.getImageData(0, 0, width, height).data ?? [];
    const colours = Array.from({ length: width * height }, (_, at) => ((bytes[at * 4] ?? 0) << 16) | ((bytes[at * 4 + 1] ?? 0) << 8) | (bytes[at * 4 + 2] ?? 0));
    return { width, height, colours };
  }, `data:image/png;base64,${png.toString('base64')}`);
}

function nearestIndex(palette: readonly number[], colour: number): number {
  const own = channelsOf(colour);
  const distances = palette.map((other) => channelsOf(other).reduce((sum, channel, index) => sum + (channel - (own[index] ?? 0)) ** 2, 0));
  return distances.indexOf(Math.min(...distances));
}

function channelsOf(colour: number): number[] {
  return [colour >> 16, (colour >> 8) & 255, colour & 255];
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}
