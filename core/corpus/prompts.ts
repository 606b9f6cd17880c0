import { createRandom } from '../random'
import { createChoices, randomDraws } from './choices'
import type { DomainId } from './domain-ids'
import { domainOf } from './domains'
import type { World } from './world'

/**
 * Different beginnings of documents of a domain, each up to its first answer: `geba lives in `, `n6x:`, `77+30=`. They
 * are always the same for one world. Throws a RangeError when so many cannot be found.
 */
export function examplePrompts(world: World, id: DomainId, count: number): string[] {
  const domain = domainOf(id)
  const choices = createChoices(randomDraws(createRandom(world.seed, `corpus/prompts/${id}`)))
  const prompts = new Set<string>()
  for (let attempt = 0; prompts.size < count; attempt++) {
    if (attempt > 100 * count) {
      throw new RangeError(`Domain '${id}' gave only ${prompts.size} different prompts; ask for fewer than ${count}`)
    }
    const prompt = domain.prompt.exec(domain.write(choices, world))
    if (prompt) prompts.add(prompt[0])
  }
  return [...prompts]
}
