import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { runCommand, temporaryFolder } from '../command.fixture'

const modelsFolder = resolve('assets/models')

/** A config.json of the gallery's model that is here as a file. */
const mixtral = {
  model_type: 'mixtral',
  hidden_size: 4096,
  intermediate_size: 14336,
  num_attention_heads: 32,
  num_experts_per_tok: 2,
  num_hidden_layers: 32,
  num_key_value_heads: 8,
  num_local_experts: 8,
  vocab_size: 32000
}

/** A folder with configurations, good and bad; gives the path of one. */
async function configurations(): Promise<(...names: string[]) => string> {
  const folder = await temporaryFolder()
  await mkdir(join(folder, 'Mixtral'))
  await writeFile(join(folder, 'Mixtral', 'config.json'), JSON.stringify(mixtral))
  await writeFile(join(folder, 'renamed.json'), JSON.stringify({ ...mixtral, model_type: 'mixtrel' }))
  await writeFile(join(folder, 'broken.json'), '{')
  await writeFile(join(folder, 'negative.json'), JSON.stringify({ ...mixtral, hidden_size: -1 }))
  return (...names) => join(folder, ...names)
}

const params = (...args: string[]) => runCommand(['params', ...args], { modelsFolder })

test('Mixtral-8x7B from its file, with every field of the contract', async () => {
  const path = await configurations()
  const { status, output, errors } = await params(path('Mixtral', 'config.json'), '--json')
  expect({ status, errors }).toEqual({ status: 0, errors: '' })
  const { models } = JSON.parse(output)
  expect(models).toHaveLength(1)
  expect(models[0]).toMatchObject({
    name: 'Mixtral',
    model_type: 'mixtral',
    total: 46_702_792_704,
    active: { all: 12_879_925_248, no_input_embedding: 12_748_853_248, no_embedding: 12_617_781_248 },
    active_range: null,
    components: {
      embedding: 131_072_000,
      attention: 1_342_177_280,
      router: 1_048_576,
      routed_experts: 45_097_156_608,
      norms: 266_240,
      lm_head: 131_072_000
    },
    mtp_extra: 0,
    context: 4096,
    flops_per_token: 27_645_190_144,
    kv_bytes_per_token: 131_072,
    kv_bytes: 536_870_912,
    weight_bytes: { fp32: 186_811_170_816, bf16: 93_405_585_408, int8: 46_702_792_704, int4: 23_351_396_352 },
    experts: [{ layers: 32, experts: 8, zero_experts: 0, top_k: 2, expert_width: 14336, shared_experts: 0 }],
    assumptions: [],
    left_out: []
  })
})

test('a folder, and a model of the gallery by its name, in one table', async () => {
  const path = await configurations()
  const { status, output } = await params(path('Mixtral'), 'deepseek-v3', 'gpt-oss-20b')
  expect(status).toBe(0)
  const [heading, ...lines] = output.trimEnd().split('\n')
  expect(heading).toMatch(/^model +kind +total +active +experts/)
  expect(lines).toEqual([
    expect.stringMatching(/^Mixtral +mixtral +46\.7 B +12\.9 B +top-2 of 8 +93\.4 GB/),
    expect.stringMatching(/^DeepSeek-V3 and R1 +deepseek_v3 +671 B +37\.6 B +top-8 of 256 +1\.34 TB/),
    expect.stringMatching(/^gpt-oss-20b +gpt_oss +20\.9 B +4\.19 B +top-4 of 32 +41\.8 GB/)
  ])
})

test('a single model is told in full', async () => {
  const { output } = await params('longcat-flash')
  expect(output).toContain('LongCat-Flash (longcat_flash, 28 layers)')
  expect(output).toMatch(/total +560,664,980,480 \(561 B\)/)
  expect(output).toMatch(/least and most +19\.5 B to 32\.2 B/)
  expect(output).toMatch(/routed_experts +541,165,879,296 .* 96\.5 %/)
})

test('--context changes arithmetic and cache', async () => {
  const read = async (context: string) =>
    JSON.parse((await params('mistral-7b', '--json', '--context', context)).output)
  const [short, long, longer] = [await read('1000'), await read('4096'), await read('8192')]
  // 32 layers, keys and values of 8 heads of 128 in 2 bytes, in a window of 4096.
  expect(short.models[0].kv_bytes).toBe(1000 * 131_072)
  expect(longer.models[0].kv_bytes).toBe(4096 * 131_072)
  expect(longer.models[0].flops_per_token).toBe(long.models[0].flops_per_token)
})

describe('files that cannot be counted', () => {
  test('JSON of any depth is told in one line', async () => {
    const file = join(await temporaryFolder(), 'deep.json')
    await writeFile(file, `{"model_type": "llama", "hidden_size": ${'['.repeat(100_000)}${']'.repeat(100_000)}}`)
    expect(await params(file)).toEqual({
      status: 1,
      output: '',
      errors: `moescope: ${file}: JSON of 100001 levels of lists and objects, and 128 are read\n`
    })
  })

  test('the others are, each bad one is named, and the status is 1', async () => {
    const path = await configurations()
    const files = [path('broken.json'), path('Mixtral'), path('negative.json'), path('missing.json'), 'grok-2']
    const { status, output, errors } = await params(...files, '--json')
    expect(status).toBe(1)
    expect(JSON.parse(output).models).toHaveLength(1)
    const lines = errors.trimEnd().split('\n')
    expect(lines).toEqual([
      expect.stringContaining(`${path('broken.json')} is not JSON`),
      `moescope: ${path('negative.json')}: hidden_size: expected a positive integer, found -1`,
      `moescope: ${path('missing.json')} does not exist`,
      expect.stringMatching(/^moescope: grok-2 is no file, no folder and no model .*grok-1/),
      'moescope: 4 of 5 could not be counted'
    ])
  })

  test('an unknown kind is an error, and is counted on request with what that assumes', async () => {
    const path = await configurations()
    const refused = await params(path('renamed.json'))
    expect(refused).toMatchObject({ status: 1, output: '' })
    expect(refused.errors).toMatch(/renamed\.json: model_type: "mixtrel" is not known \(the nearest are mixtral, /)
    const { status, output } = await params(path('renamed.json'), '--best-effort')
    expect(status).toBe(0)
    expect(output).toContain('46,702,792,704')
    expect(output).toContain("assumed: 'mixtrel' is not known")
    const table = await params(path('renamed.json'), path('Mixtral'), '--best-effort')
    expect(table.output).toContain("renamed: assumed: 'mixtrel' is not known")
  })
})

test('--gallery counts every model that ships', async () => {
  const { status, output } = await params('--gallery', '--json')
  expect(status).toBe(0)
  expect(JSON.parse(output).models.length).toBeGreaterThan(50)
})

test('wrong usage, and help', async () => {
  expect(await params()).toMatchObject({
    status: 2,
    output: '',
    errors: expect.stringContaining('CONFIG.json... is missing')
  })
  expect((await params('mixtral-8x7b', '--context', '0')).status).toBe(2)
  const { output } = await params('--help')
  expect(output).toMatch(/^usage: moescope params /)
  for (const line of output.split('\n')) expect(line.length).toBeLessThanOrEqual(120)
  expect((await runCommand(['help'])).output).toContain('\n  params')
})
