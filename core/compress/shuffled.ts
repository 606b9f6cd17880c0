import type { Random } from '../random'

/** The items of a list in an order by chance, each order as likely as any other (Fisher and Yates). */
export function shuffled<T>(list: readonly T[], random: Random): T[] {
  const rest = [...list]
  return list.flatMap(() => rest.splice(random.integer(rest.length), 1))
}
