import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parquetReadObjects } from 'hyparquet'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { runCommand, temporaryFolder } from '../command.fixture'
import { interruptedProcess } from '../process.fixture'
import { sweepSetUp, tinySweep, weightsIn } from './sweep.fixture'

const lineSchema = z.looseObject({
  run: z.string(),
  varied: z.record(z.string(), z.unknown()),
  figures: z.looseObject({ loss: z.number() }).optional(),
  failed: z.string().optional()
})

const linesOf = (output: string) =>
  output
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => lineSchema.parse(JSON.parse(line)))

test('a sweep trains what moescope train does, tables it, and computes nothing twice', async () => {
  const steps = 3
  const content = tinySweep(steps, [1, 2])
  const { folder, out, sweep } = await sweepSetUp(content)
  const ran = await sweep(['--workers', '2'])
  expect(ran).toMatchObject({ status: 0, errors: '' })
  const lines = linesOf(ran.output).toSorted(
    (a, b) => Number(a.varied['recipe.seed']) - Number(b.varied['recipe.seed'])
  )
  expect(lines.map(({ varied }) => varied)).toEqual([{ 'recipe.seed': 1 }, { 'recipe.seed': 2 }])
  const weights = await weightsIn(out)
  expect(Object.keys(weights).sort()).toEqual(lines.map(({ run }) => run).sort())

  // The same training alone leaves the same weights and tells the same loss.
  const spec = { ...content.base, recipe: { ...content.base.recipe, seed: 2 } }
  await writeFile(join(folder, 'alone.json'), JSON.stringify(spec))
  const alone = join(folder, 'alone')
  await runCommand(['train', join(folder, 'alone.json'), '--out', alone, '--threads', '1'])
  expect(weights[lines[1]?.run ?? '']).toBe(await readFile(join(alone, 'model.safetensors'), 'base64'))
  const report = JSON.parse(await readFile(join(alone, 'training.json'), 'utf8')) as { result: { loss: number } }
  expect(lines[1]?.figures?.loss).toBe(report.result.loss)

  const bytes = await readFile(join(out, 'results.parquet'))
  const rows = await parquetReadObjects({ file: new Uint8Array(bytes).buffer })
  expect(rows.map((row) => [row.run, row['recipe.seed'], row.loss, row.flops])).toEqual(
    lines.map(({ run, varied, figures }) => [run, varied['recipe.seed'], figures?.loss, figures?.flops])
  )
  const [header = '', ...csv] = (await readFile(join(out, 'results.csv'), 'utf8')).trimEnd().split('\n')
  expect(header.split(',').slice(0, 3)).toEqual(['run', 'kind', 'architecture.kind'])
  expect(csv.map((line) => line.split(',')[0])).toEqual(lines.map(({ run }) => run))

  // Without a program to begin nothing can be computed.
  const again = await sweep([], { program: ['/no/such/program'] })
  expect(again.status).toBe(0)
  expect(linesOf(again.output)).toEqual(lines)
  const listed = await sweep(['--dry-run'], { outputIsRead: true })
  expect(listed.output).toMatch(/2 runs, 2 of them whole; [\d.]+e\+\d+ FLOPs\n$/)
})

test('interrupted it goes on to the same weights; one that fails three times stops no other', async () => {
  // Seconds of training, so that the first save is seen long before the end.
  const steps = 3000
  const { folder, path, args, out, sweep } = await sweepSetUp(tinySweep(steps, [1, 2]))
  const [first = '', second = ''] = linesOf((await sweep(['--dry-run'])).output).map(({ run }) => run)
  const has = async (name: string) => (await readdir(join(out, 'runs', first)).catch((): string[] => [])).includes(name)
  const { status, errors } = await interruptedProcess([...args, '--workers', '1'], () => has('run.safetensors'))
  expect([status, errors]).toEqual([130, 'moescope: interrupted: 0 of 2 runs are whole; the same command goes on\n'])
  expect(await has('training.json')).toBe(false)

  await mkdir(join(out, 'runs', second))
  await writeFile(join(out, 'runs', second, 'run.safetensors'), 'damaged')
  const ran = await sweep(['--workers', '1'])
  expect(ran.status).toBe(1)
  expect(ran.errors).toMatch(new RegExp(`^${second} failed three times: run\\.safetensors: .*; see .*log\\.txt\n`))
  expect(ran.errors).toMatch(new RegExp(`moescope: 1 of 2 runs failed: ${second}\n$`))
  const log = await readFile(join(out, 'runs', second, 'log.txt'), 'utf8')
  expect(log.match(/attempt \d of 3/g)).toEqual(['attempt 1 of 3', 'attempt 2 of 3', 'attempt 3 of 3'])

  await writeFile(path, JSON.stringify(tinySweep(steps, [1])))
  const whole = join(folder, 'whole')
  expect((await runCommand(['sweep', path, '--out', whole])).status).toBe(0)
  const [resumed, expected] = await Promise.all(
    [out, whole].map((each) => readFile(join(each, 'runs', first, 'model.safetensors'), 'base64'))
  )
  expect(resumed).toBe(expected)
})

const base = tinySweep(2, [1]).base

test.each([
  [1, { kind: 'train', base, grid: { 'recipe.sed': [1] } }, /run 0 \(recipe\.sed=1\): recipe: Unrecognized key: "sed"/],
  [1, { kind: 'train', base, gird: {} }, /sweep\.json: Unrecognized key: "gird"/],
  [2, { kind: 'trian', base }, /kind: expected one of train, compress, ablate, evaluate, bench, found 'trian'/],
  [
    1,
    { kind: 'train', base, grid: { 'architecture.heads': [1, 3] } },
    /run 1 \(architecture\.heads=3\): architecture: /
  ],
  [1, { kind: 'train', base, grid: { 'recipe.seed.x': [1] } }, /'recipe\.seed\.x'|recipe\.seed: /],
  [
    1,
    { kind: 'ablate', base: { model: 'none', intervention: { kind: 'top-k', topK: 1 } } },
    /run 0: .*none.*not exist/
  ],
  [
    2,
    { kind: 'train', base, grid: Object.fromEntries(['a', 'b', 'c'].map((path) => [path, Array(100).fill(1)])) },
    /asks for 1,000,000 runs, more than 10,000: add --yes/
  ]
])('a sweep that cannot run is refused in one sentence, with status %d: %#', async (status, content, message) => {
  const { out, sweep } = await sweepSetUp(content)
  const ran = await sweep()
  expect([ran.status, ran.output]).toEqual([status, ''])
  expect(ran.errors).toMatch(message)
  await expect(readdir(out)).rejects.toThrow('ENOENT')
})

test('YAML is read, and what is no YAML is told', async () => {
  const folder = await temporaryFolder()
  const path = join(folder, 'sweep.yaml')
  const args = ['sweep', path, '--out', join(folder, 'out'), '--dry-run', '--json']
  await writeFile(path, `kind: train\nbase: ${JSON.stringify(base)}\ngrid:\n  recipe.seed: [1, 2, 3]\n`)
  const { output } = await runCommand(args)
  expect(linesOf(output).map(({ varied }) => varied['recipe.seed'])).toEqual([1, 2, 3])
  await writeFile(path, 'kind: train\nbase: [1\n')
  expect(await runCommand(args)).toMatchObject({
    status: 1,
    errors: expect.stringMatching(/sweep\.yaml is not YAML: /)
  })
})

test('results of other versions are not mixed with these', async () => {
  const { out, sweep } = await sweepSetUp(tinySweep(1, [1]))
  await sweep(['--workers', '1'])
  const place = join(out, 'store.json')
  await writeFile(place, (await readFile(place, 'utf8')).replace('"moescope": "test"', '"moescope": "0.0.1"'))
  const ran = await sweep()
  expect(ran.status).toBe(1)
  expect(ran.errors).toMatch(/out holds results of moescope 0\.0\.1, and this is moescope test: use these versions/)
})
