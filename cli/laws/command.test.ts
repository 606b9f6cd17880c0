import { besiroglu, chinchillaLoss } from '@core/scaling/laws/chinchilla'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { runCommand } from '../command.fixture'
import { amount } from './command'

const within = z.enum(['inside', 'outside', 'unknown'])
const range = z.strictObject({ low: z.number().nullable(), high: z.number().nullable() })
const figure = z.number().positive().optional()
const answer = z.strictObject({
  law: z.string(),
  loss: z.number().positive().nullable(),
  effective_parameters: figure,
  effective_tokens: figure,
  optimal_parameters: figure,
  optimal_tokens: figure,
  tokens_per_parameter: figure,
  lifetime_flops: figure,
  optimal_lifetime_flops: figure,
  published_cutoff: figure,
  name: z.string(),
  formula: z.string(),
  source: z.string(),
  provenance: z.enum(['seen', 'secondary', 'folklore']),
  approximate: z.boolean(),
  note: z.string().nullable(),
  counts: z.string(),
  within,
  region: z.strictObject({ ranges: z.record(z.string(), range), source: z.string() }),
  ignored: z.array(z.string())
})

async function law(...args: string[]): Promise<z.infer<typeof answer>> {
  return answer.parse(JSON.parse((await runCommand(['laws', ...args, '--json'])).output))
}

async function all(...args: string[]): Promise<z.infer<typeof answer>[]> {
  const { output } = await runCommand(['laws', ...args, '--json'])
  return z.strictObject({ laws: z.array(answer) }).parse(JSON.parse(output)).laws
}

test('Chinchilla by three fits: the losses and optima that are known', async () => {
  const printed = await law('--law', 'hoffmann2022-rounded', '--params', '70B', '--tokens', '1.4T')
  expect(printed).toMatchObject({ law: 'hoffmann2022-rounded', provenance: 'seen', within: 'outside', ignored: [] })
  expect(printed.loss).toBeCloseTo(1.9366, 4)
  expect(await law('--law', 'hoffmann2022-rounded', '--params', '70e9', '--tokens', '1400B')).toEqual(printed)
  const best = await law('--law', 'besiroglu2024', '--flops', '5.76e23')
  expect(best.tokens_per_parameter).toBeCloseTo(18.4, 0)
  expect(best.within).toBe('outside')
  expect((await law('--law', 'besiroglu2024', '--flops', '1e21')).within).toBe('inside')
})

test.each([
  [['muennighoff2023', '--params', '6.34B', '--tokens', '242B', '--unique', '25B'], 2.2256440889984477, 'unknown'],
  // 64 times the feed-forward weights of a dense model of 7 B parameters.
  [['krajewski2024-moe', '--params', '301B', '--tokens', '137.6B', '--granularity', '32'], 2.076, 'outside']
] as const)('--law %j', async (args, loss, where) => {
  const found = await law('--law', ...args)
  expect(Math.abs((found.loss ?? Number.NaN) - loss)).toBeLessThan(0.025)
  expect(found.within).toBe(where)
})

test('laws without a loss give effective parameters', async () => {
  const mixtral = await law('--law', 'geometric-mean', '--params', '46.7B', '--active', '12.9B', '--tokens', '1T')
  expect(mixtral).toMatchObject({ loss: null, provenance: 'folklore', within: 'unknown', ignored: ['--tokens'] })
  expect(mixtral.effective_parameters).toBeCloseTo(Math.sqrt(46.7e9 * 12.9e9), 0)
  const routed = await law('--law', 'clark2022-s-base', '--params', '5M', '--experts', '128')
  expect(routed).toMatchObject({ approximate: true, provenance: 'secondary', published_cutoff: 9.37e11 })
})

test('without --law, all that can be asked', async () => {
  const dense = await all('--params', '7B', '--tokens', '100B')
  expect(dense.map(({ law }) => law)).toEqual([
    'hoffmann2022-rounded',
    'hoffmann2022-tex',
    'besiroglu2024',
    'kaplan2020',
    'muennighoff2023',
    'krajewski2024-moe',
    'krajewski2024-dense'
  ])
  const besirogluLoss = chinchillaLoss(besiroglu, { parameters: 7e9, tokens: 100e9 })
  expect(dense.find(({ law }) => law === 'besiroglu2024')).toMatchObject({ loss: besirogluLoss, within: 'inside' })
  const moe = await all(
    '--params',
    '1B',
    '--active',
    '200M',
    '--tokens',
    '20B',
    '--experts',
    '64',
    '--weight-bits',
    '8'
  )
  expect(moe.map(({ law }) => law)).toEqual(
    expect.arrayContaining(['clark2022-hash', 'kumar2024', 'geometric-mean', 'besiroglu2024'])
  )
})

test('the table names every law with its provenance and region, and the text of one its source', async () => {
  const { status, output, errors } = await runCommand(['laws', '--params', '7B', '--tokens', '100B'])
  expect({ status, errors }).toEqual({ status: 0, errors: '' })
  expect(output).toMatch(/^law +loss +best size +best tokens +effective +provenance +fitted region\n/)
  expect(output).toMatch(/\nbesiroglu2024 +2\.\d{3} +[\d.]+ B +[\d.]+ B +seen +inside\n/)
  expect(output).toMatch(/\nhoffmann2022-rounded +~2\.\d{3} /)
  expect(output).toMatch(/\nkaplan2020 .* secondary +outside\n/)
  // A law without constants that could be checked is named, and gives no figure.
  expect(output).toMatch(/\nLeft out, .*Ludziejewski et al\. 2025 \(arXiv 2502\.05172\)/)
  const one = await runCommand(['laws', '--law', 'besiroglu2024', '--params', '70B', '--tokens', '1.4T'])
  expect(one.output).toContain('Besiroglu et al. 2024 (arXiv 2404.10102)')
  expect(one.output).toMatch(/loss, nats per token +1\.973\n/)
  expect(one.output).toContain('outside the fitted region: Hoffmann et al. 2022, abstract')
})

test.each([
  ['70e9', 70e9],
  ['70B', 70e9],
  ['1.4T', 1.4e12],
  ['350m', 350e6],
  ['20k', 20_000],
  ['5.76E23', 5.76e23],
  ['16', 16]
])('the amount %s', (text, value) => {
  expect(amount('--params', text) / value).toBeCloseTo(1, 12)
})

test.each([
  [[], /--params N and --tokens D, or --flops C, are missing/],
  [['--tokens', '0'], /--tokens: expected a positive number such as 70e9, 70B or 1.4T, found '0'/],
  [['--params', '7X'], /--params: expected a positive number .* found '7X'/],
  [['--params', '-7B'], /--params/],
  [['--params', '0x10', '--tokens', '1B'], /found '0x10'/],
  [['--params', '1e999', '--tokens', '1B'], /found '1e999'/],
  [['--law', 'newton'], /--law: expected one of hoffmann2022-rounded, .*found 'newton'/],
  [['--law', 'besiroglu2024', '--params', '7B'], /--law besiroglu2024 needs --params and --tokens, or --flops/],
  [['--params', '7B', '--tokens', '1B', '--unique', '2B'], /--unique: expected at most the --tokens/],
  [['--params', '7B', '--flops', '1e21'], /--flops asks for the best size and tokens: leave out/],
  [['--params', '7B', '--active', '8B'], /--active: expected at most the --params/]
])('wrong usage %j', async (args, message) => {
  const { status, output, errors } = await runCommand(['laws', ...args])
  expect(errors).toMatch(message)
  expect({ status, output }).toEqual({ status: 2, output: '' })
})

test('a loss that cannot be reached is a failure in one line', async () => {
  const { status, errors } = await runCommand(['laws', '--loss', '1.5', '--inference-tokens', '1T'])
  expect(status).toBe(1)
  expect(errors).toBe('moescope: sardana2023: expected a loss above 1.693 nats, found 1.5\n')
})
