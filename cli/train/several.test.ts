import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { runCommand, temporaryFolder } from '../command.fixture'
import { interruptedProcess } from '../process.fixture'

const specOf = (seed: number, steps: number) => ({
  architecture: { kind: 'dense', width: 8, layers: 1, context: 32 },
  corpus: { characters: 4000, validation_characters: 900, world: { names: 50, pairs: 50, keys: 50 } },
  recipe: { learning_rate: 0.01, batch: 4, characters: 4 * 32 * steps, seed }
})

/** Writes specs, by their names, into a folder of their own. */
async function setUp(specs: Readonly<Record<string, unknown>>) {
  const folder = await temporaryFolder()
  const paths = Object.keys(specs).map((name) => join(folder, `${name}.json`))
  for (const [i, spec] of Object.values(specs).entries()) await writeFile(paths[i] ?? '', JSON.stringify(spec))
  const out = join(folder, 'out')
  const args = ['train', ...paths, '--out', out]
  const weights = (name: string) => readFile(join(out, name, 'model.safetensors'))
  return { folder, out, paths, args, weights }
}

const lineSchema = z.looseObject({ run: z.string(), step: z.int().optional() })

const linesOf = (output: string) =>
  output
    .trimEnd()
    .split('\n')
    .map((line) => lineSchema.parse(JSON.parse(line)))

test('one that fails does not stop the others, which are trained as they are alone', async () => {
  const steps = 4
  const { folder, out, args, paths, weights } = await setUp({
    first: specOf(1, steps),
    taken: specOf(2, steps),
    last: specOf(3, steps)
  })
  await runCommand(['train', paths[0] ?? '', '--out', join(out, 'taken'), '--threads', '1', '--steps', '1'])
  const ran = await runCommand([...args, '--jobs', '2', '--threads', '1'])
  expect(ran.status).toBe(1)
  expect(ran.errors).toMatch(/^taken: .*taken holds another training.*\nmoescope: 1 of 3 trainings failed: taken\n$/)
  const lines = linesOf(ran.output)
  for (const name of ['first', 'last']) {
    const own = lines.filter(({ run }) => run === name)
    expect(own.flatMap(({ step }) => step ?? [])).toEqual([1, 2, 3, 4])
    const alone = join(folder, `alone-${name}`)
    await runCommand(['train', join(folder, `${name}.json`), '--out', alone, '--threads', '1'])
    expect(await weights(name)).toEqual(await readFile(join(alone, 'model.safetensors')))
  }
  // A person reads one line of each, and nothing is trained again.
  const read = await runCommand(
    args.filter((arg) => !arg.endsWith('taken.json')),
    { outputIsRead: true }
  )
  expect(read.status).toBe(0)
  expect(read.output.split('\n').sort()).toEqual([
    '',
    expect.stringMatching(/^first: loss \d\.\d{3}, floor \d\.\d{3}, trained in \d+ s$/),
    expect.stringMatching(/^last: loss \d\.\d{3}, floor \d\.\d{3}, trained in \d+ s$/)
  ])
}, 120_000)

test('interrupted it saves all of them, and goes on to the weights of trainings that were not', async () => {
  // So many steps that none ends before the last has begun; all of them then stop after the same step.
  const { folder, out, args, paths, weights } = await setUp({ a: specOf(1, 1_000_000), b: specOf(2, 1_000_000) })
  const names = ['a', 'b']
  const has = async (name: string, file: string) =>
    (await readdir(join(out, name)).catch((): string[] => [])).includes(file)
  const isSaved = async () => {
    for (const name of names) if (!(await has(name, 'run.safetensors'))) return false
    return true
  }
  const { status, errors } = await interruptedProcess([...args, '--threads', '1'], isSaved)
  expect(status).toBe(130)
  const steps = names.map((name) =>
    Number(new RegExp(`^${name}: interrupted after step (\\d+) of 1000000`, 'm').exec(errors)?.[1])
  )
  expect(errors).toMatch(/^moescope: interrupted; the same command goes on\n$/m)
  for (const name of names) expect(await has(name, 'training.json')).toBe(false)
  const further = ['--threads', '1', '--steps', `${Math.max(...steps) + 10}`]
  expect((await runCommand([...args, ...further])).status).toBe(0)
  for (const [i, name] of names.entries()) {
    const alone = join(folder, `alone-${name}`)
    await runCommand(['train', paths[i] ?? '', '--out', alone, ...further])
    expect(await weights(name)).toEqual(await readFile(join(alone, 'model.safetensors')))
  }
}, 240_000)

test('two of one name, or one that cannot be read: nothing begins', async () => {
  const { out, args, paths, folder } = await setUp({ a: specOf(1, 2), wrong: { ...specOf(1, 2), recipe: {} } })
  const twice = await runCommand(['train', paths[0] ?? '', join(folder, '.', 'a.json'), '--out', out])
  expect(twice).toMatchObject({ status: 2, output: '' })
  expect(twice.errors).toMatch(/two specs are called 'a'/)
  const wrong = await runCommand(args)
  expect(wrong).toMatchObject({ status: 1, output: '' })
  expect(wrong.errors).toMatch(/wrong\.json.*recipe\.learning_rate/)
  expect(await readdir(folder)).not.toContain('out')
})
