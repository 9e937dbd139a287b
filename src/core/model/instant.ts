/** A reading of both of a tab's clocks. */
export interface Instant {
  /** Epoch ms by the device's clock, which can be wrong and can jump. */
  readonly wall: number;
  /** Ms since some fixed moment; never goes back, may stand still while the device sleeps. */
  readonly monotonic: number;
}
