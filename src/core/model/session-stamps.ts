/** The times of a session that all tabs share, if the app limits it. An older tab may drop them. */
export interface SessionStamps {
  /** When the user was last active in any tab, epoch ms by the device's clock. */
  readonly activeAt?: number | undefined;
  /** When the session began, epoch ms by the device's clock. */
  readonly startedAt?: number | undefined;
}
