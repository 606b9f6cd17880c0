/** Sweeps of trainings that take a moment, for tests. */
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runCommand, temporaryFolder } from '../command.fixture'

/** A sweep of trainings of so many steps, one for each seed. */
export function tinySweep(steps: number, seeds: readonly number[]) {
  return {
    kind: 'train',
    base: {
      architecture: { kind: 'moe', width: 8, layers: 1, experts: 4, context: 32 },
      corpus: { characters: 4000, validation_characters: 900, world: { names: 50, pairs: 50, keys: 50 } },
      recipe: { learning_rate: 0.01, batch: 4, characters: 4 * 32 * steps }
    },
    grid: { 'recipe.seed': seeds }
  }
}

/** A sweep of 24 trainings, two of which take some seconds: from the first of them on there are saves to go on from. */
export function mixedSweep() {
  const [long, short] = [tinySweep(1500, []).base, tinySweep(2, []).base]
  const seeds = Array.from({ length: 22 }, (_, i) => i + 3)
  const seeded = ({ recipe, ...others }: typeof long, seed: number) => ({ ...others, recipe: { ...recipe, seed } })
  return { kind: 'train', list: [seeded(long, 1), seeded(long, 2), ...seeds.map((seed) => seeded(short, seed))] }
}

/** A sweep as a file, and commands on it in a folder of their own. */
export async function sweepSetUp(content: unknown) {
  const folder = await temporaryFolder()
  const path = join(folder, 'sweep.json')
  await writeFile(path, JSON.stringify(content))
  const out = join(folder, 'out')
  return {
    folder,
    path,
    out,
    args: ['sweep', path, '--out', out],
    sweep: (more: readonly string[] = [], terminal: Parameters<typeof runCommand>[1] = {}) =>
      runCommand(['sweep', path, '--out', out, ...more], terminal)
  }
}

/** The weights of every run in the folder of a sweep, by the ids of the runs. */
export async function weightsIn(out: string): Promise<Record<string, string>> {
  const ids = (await readdir(join(out, 'runs'))).sort()
  const weights = await Promise.all(ids.map((id) => readFile(join(out, 'runs', id, 'model.safetensors'), 'base64')))
  return Object.fromEntries(ids.map((id, i) => [id, weights[i] ?? '']))
}
