/** The parts that the buttons of the card share. */
export interface BreakAction {
  readonly revoke: () => Promise<void>;
  /** Runs one action at a time; the card says so if the API's controls cannot be reached. */
  readonly run: (action: () => Promise<void>) => void;
  readonly busy: boolean;
  /** The id of the text that says why the buttons are disabled. */
  readonly whyNot: string | undefined;
}
