/** `moescope train` is killed at random moments: it goes on near there, to the weights of a run that was never killed. */
import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { readSafetensors } from '@core/formats/safetensors'
import { trainingReportSchema } from '@core/formats/training-report'
import { createRandom } from '@core/random'
import { expect, test } from 'vitest'
import { runCommand, temporaryFolder } from '../command.fixture'
import { signalledProcess } from '../process.fixture'

/** More of them on demand. */
const kills = Number(process.env.MOESCOPE_KILLS ?? 3)
const steps = 150 * kills
const maxMilliseconds = 150

const spec = {
  architecture: { kind: 'moe', width: 16, layers: 1, experts: 4, context: 32 },
  corpus: { characters: 4000, validation_characters: 900, world: { names: 50, pairs: 50, keys: 50 } },
  recipe: { learning_rate: 0.01, batch: 4, characters: 4 * 32 * steps }
}

test(
  `${kills} kills at random moments`,
  async () => {
    const folder = await temporaryFolder()
    const specPath = join(folder, 'spec.json')
    await writeFile(specPath, JSON.stringify(spec))
    const command = (out: string) => [
      'train',
      specPath,
      '--out',
      join(folder, out),
      '--threads',
      '1',
      '--checkpoints',
      '100'
    ]
    const [first = Number.NaN, ...whole] = stepsOf(await runCommand(command('whole')))
    expect([first, whole.length]).toEqual([1, steps - 1])

    const savedPath = join(folder, 'killed', 'run.safetensors')
    const savedAt = () =>
      stat(savedPath).then(
        ({ mtimeMs }) => mtimeMs,
        () => 0
      )
    const random = createRandom(1, 'kills')
    const saved: number[] = []
    for (let kill = 0; kill < kills; kill++) {
      const before = await savedAt()
      const { status, errors } = await signalledProcess(
        command('killed'),
        'SIGKILL',
        async () => {
          if ((await savedAt()) === before) return false
          await wait(random.integer(maxMilliseconds))
          return true
        },
        'cli/train/kill.fixture.ts'
      )
      expect({ status, errors }).toEqual({ status: null, errors: '' })
      const { metadata } = readSafetensors(await readFile(savedPath))
      saved.push((JSON.parse(metadata.progress ?? '') as { step: number }).step)
    }
    // Every life has taken it further, and the next begins with the step after the last that was saved.
    expect(saved).toEqual([...new Set(saved)].sort((a, b) => a - b))
    const [next] = stepsOf(await runCommand(command('killed')))
    expect(next).toBe((saved.at(-1) ?? Number.NaN) + 1)
    for (const name of ['model.safetensors', 'checkpoints/step-100/model.safetensors', 'config.json']) {
      expect(await readFile(join(folder, 'killed', name))).toEqual(await readFile(join(folder, 'whole', name)))
    }
    const curve = async (out: string) =>
      trainingReportSchema.parse(JSON.parse(await readFile(join(folder, out, 'training.json'), 'utf8')))
    const { seconds: _, ...killed } = await curve('killed')
    expect(killed).toEqual({ ...(await curve('whole')), seconds: undefined })
  },
  60_000 * kills
)

function stepsOf({ output, status, errors }: { output: string; status: number; errors: string }): number[] {
  expect({ status, errors }).toEqual({ status: 0, errors: '' })
  const lines = output.trimEnd().split('\n')
  return lines.map((line) => JSON.parse(line) as { step?: number }).flatMap(({ step }) => step ?? [])
}
