/** A bot, the only kind of user this API has. */
export interface Bot {
  readonly id: string;
  readonly number: number;
  readonly displayName: string;
}

/** The bots by id, numbered from 1 in the order given. */
export function botsOf(names: Readonly<Record<string, string>>): ReadonlyMap<string, Bot> {
  return new Map(Object.entries(names).map(([id, displayName], index) => [id, { id, number: index + 1, displayName }]));
}

/** A bot as a resource on the wire. */
export function botResource(bot: Bot) {
  return { id: bot.number, type: 'user', attributes: { username: bot.id, display_name: bot.displayName, bot: true } };
}
