import { execFile } from 'node:child_process'
import { chmod, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { programOf } from '../process.fixture'
import { sweepSetUp, tinySweep, weightsIn } from './sweep.fixture'

test.skipIf(process.platform === 'win32')('the tasks of a Slurm job compute the whole list', async () => {
  const { folder, out, sweep } = await sweepSetUp(tinySweep(2, [1, 2]))
  const emitted = await sweep(['--emit', 'slurm', '--parts', '5'])
  expect(emitted).toMatchObject({ status: 0, errors: '' })
  const script = join(out, 'slurm', 'sweep.sbatch')
  expect(emitted.output.split('\n')).toContain(script)
  const text = await readFile(script, 'utf8')
  // No more tasks than runs.
  expect(text).toContain('#SBATCH --array=0-1\n')
  expect((await readFile(join(out, 'slurm', 'README.md'), 'utf8')).trimEnd().split('\n')).toHaveLength(3)

  const moescope = join(folder, "moe'scope")
  const words = programOf().map((word) => `'${word.replaceAll("'", "'\\''")}'`)
  await writeFile(moescope, `#!/bin/sh\nexec ${words.join(' ')} "$@"\n`)
  await chmod(moescope, 0o755)
  const task = async (index: number) => {
    const env = { ...process.env, MOESCOPE: moescope, SLURM_ARRAY_TASK_ID: `${index}`, SLURM_ARRAY_TASK_COUNT: '2' }
    return (await promisify(execFile)('bash', [script], { env })).stdout
  }
  // The second begins where the first has ended, and finds its own part computed.
  expect([await task(0), await task(1)]).toEqual(Array(2).fill('2 of 2 runs are whole\n'))
  expect(Object.keys(await weightsIn(out))).toHaveLength(2)
  const lines = (await sweep([], { program: ['/no/such/program'] })).output.trimEnd().split('\n')
  expect(lines).toHaveLength(2)
})

test('a Kubernetes job gives every pod its part', async () => {
  const { out, sweep } = await sweepSetUp(tinySweep(2, [1, 2, 3]))
  await sweep(['--emit', 'kubernetes', '--parts', '3', '--workers', '2', '--threads', '2'])
  const job: unknown = parse(await readFile(join(out, 'kubernetes', 'job.yaml'), 'utf8'))
  const worker = {
    command: ['moescope', 'worker', '--store', '/sweep', '--slots', '2', '--part', '$(JOB_COMPLETION_INDEX)/3'],
    resources: { requests: { cpu: '4' }, limits: { cpu: '4' } }
  }
  expect(job).toMatchObject({
    apiVersion: 'batch/v1',
    kind: 'Job',
    spec: { completionMode: 'Indexed', completions: 3, parallelism: 3, template: { spec: { containers: [worker] } } }
  })
})
