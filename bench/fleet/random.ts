/** Draws the next number from [0, 1). */
export type Random = () => number;

/** Creates a stream of random numbers from a seed (mulberry32). */
export function createRandom(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Derives a seed for one purpose. */
export function seedOf(seed: number, purpose: string): number {
  let hash = seed | 0;
  for (const letter of purpose) hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193);
  return hash;
}

/** Draws the time until the next random event, such as a call (exponentially distributed). */
export function drawGap(random: Random, mean: number): number {
  return -Math.log(1 - random()) * mean;
}

/** Draws a normally distributed number (Box and Muller). */
export function drawNormal(random: Random, mean: number, deviation: number): number {
  return mean + deviation * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
