import { type DomainId, defaultShares, domainIds } from '@core/corpus'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { runCommand } from '../command.fixture'

const schema = z.strictObject({
  text: z.string(),
  domains: z.array(z.enum(domainIds)),
  floor: z.number().positive(),
  floor_by_domain: z.partialRecord(z.enum(domainIds), z.number().positive())
})

async function corpus(...args: string[]): Promise<z.infer<typeof schema>> {
  return schema.parse(JSON.parse((await runCommand(['corpus', ...args, '--json'])).output))
}

test('whole lines, no more of them than it takes, each with its domain', async () => {
  const { text, domains } = await corpus('--chars', '700')
  const lines = text.trimEnd().split('\n')
  expect(domains).toHaveLength(lines.length)
  expect(text.length).toBeGreaterThanOrEqual(700)
  expect(text.length - `${lines.at(-1)}\n`.length).toBeLessThan(700)
  for (const [i, line] of lines.entries()) {
    expect(domains[i] === 'fact').toBe(/^\w+ lives in \w+, eats \w+, is \w+\.$/.test(line))
  }
})

test('the floor is the mean of the domains by their shares of the characters', async () => {
  const { floor, floor_by_domain } = await corpus()
  const mean = Object.entries(floor_by_domain).reduce(
    (sum, [id, nats]) => sum + defaultShares[id as DomainId] * nats,
    0
  )
  expect(floor).toBeCloseTo(mean, 10)
})

test('one domain alone', async () => {
  const { text, domains, floor, floor_by_domain } = await corpus('--domain', 'dict')
  expect(new Set(domains)).toEqual(new Set(['dict']))
  expect(floor_by_domain).toEqual({ dict: floor })
  for (const line of text.trimEnd().split('\n')) expect(line).toMatch(/^\w{4}=\w{4}( \w{4}=\w{4})*$/)
})

test('the seed decides the text, and without --json there is nothing but the text', async () => {
  const [first, again, other] = [await corpus(), await corpus('--seed', '1'), await corpus('--seed', '2')]
  expect(again).toEqual(first)
  expect(other.text).not.toBe(first.text)
  expect(await runCommand(['corpus'])).toEqual({ status: 0, output: first.text, errors: '' })
})

test('the second edition has people of English words', async () => {
  const { text } = await corpus('--edition', '2', '--domain', 'fact', '--chars', '200')
  expect(text.split('\n')[0]).toMatch(/^[a-z]+ lives in [a-z]+, eats [a-z]+, is [a-z]+\.$/)
  expect(text).not.toBe((await corpus('--edition', '1', '--domain', 'fact', '--chars', '200')).text)
  expect(await runCommand(['corpus', '--edition', '3'])).toMatchObject({ status: 2 })
})
