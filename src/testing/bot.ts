/** A bot, the only kind of user this API has. */
export interface Bot {
  readonly id: string;
  readonly number: number;
  readonly displayName: string;
}

/** Makes the bots, by id; their numbers count from 1 in the order of the names. */
export function botsOf(names: Readonly<Record<string, string>>): ReadonlyMap<string, Bot> {
  return new Map(Object.entries(names).map(([id, displayName], index) => [id, { id, number: index + 1, displayName }]));
}

/** Formats a bot as a resource of the API. */
export function botResource(bot: Bot) {
  return { id: bot.number, type: 'user', attributes: { username: bot.id, display_name: bot.displayName, bot: true } };
}
