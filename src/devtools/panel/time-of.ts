/** Formats a time of day: `14:03:07`, or `14:03:07.125` if `exact`. */
export function timeOf(at: number, exact: boolean): string {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, '0');
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':');
  return exact ? `${time}.${String(date.getMilliseconds()).padStart(3, '0')}` : time;
}
