/** A reading of both clocks of a tab. */
export interface Instant {
  /** Epoch ms by the device's clock, which can be wrong and can jump. */
  readonly wall: number;
  /** Ms since a fixed moment. It never goes back, and may stand still while the device sleeps. */
  readonly monotonic: number;
}
