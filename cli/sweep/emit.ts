/** A sweep as a job of a scheduler: files that run `moescope worker` over the list of the sweep's folder. */
import { join, resolve } from 'node:path'
import { FailureError } from '../terminal/errors'
import { writeWhole } from '../terminal/files'
import type { SweepFolder } from './folder'

export const schedulers = ['slurm', 'kubernetes'] as const

export type Scheduler = (typeof schedulers)[number]

export interface SweepJob {
  /** Tasks of the job. */
  readonly parts: number
  /** Runs of a task at the same time, and threads of each. */
  readonly slots: number
  readonly threads: number
}

/** Writes the job and a README into the folder of the sweep, and answers their paths. */
export async function emitJob(scheduler: Scheduler, folder: SweepFolder, job: SweepJob): Promise<string[]> {
  const root = resolve(folder.path)
  // Options of a script end with their line.
  if (/[\n\r"]/.test(root))
    throw new FailureError('--out: a job cannot name a path with a quotation mark or a new line')
  const files =
    scheduler === 'slurm' ? slurmFiles(root, job) : await kubernetesFiles(`moescope-${folder.id.slice(0, 8)}`, job)
  const written = Object.entries(files).map(([name, content]) => ({
    path: join(folder.path, scheduler, name),
    content
  }))
  for (const { path, content } of written) await writeWhole(path, content)
  return written.map(({ path }) => path)
}

/** A worker saves when it is asked to end, 60 seconds before its time is over. */
function slurmFiles(root: string, { parts, slots, threads }: SweepJob): Record<string, string> {
  const log = join(root, 'slurm', 'task').replaceAll('%', '%%')
  return {
    'sweep.sbatch': `#!/bin/bash
#SBATCH --job-name=moescope-sweep
#SBATCH --array=0-${parts - 1}
#SBATCH --cpus-per-task=${slots * threads}
#SBATCH --requeue
#SBATCH --signal=B:TERM@60
#SBATCH --open-mode=append
#SBATCH --output="${log}-%a.log"
exec "\${MOESCOPE:-moescope}" worker --store ${quoted(root)} --slots ${slots} \\
  --part "$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT"
`,
    'README.md': `Submit with \`sbatch sweep.sbatch\`, on machines that see this folder and have moescope on their PATH (or its path in MOESCOPE).
Submit it again to go on with what was interrupted: runs that are whole are not computed again.
\`moescope sweep report ${root}\` draws what has come out so far.
`
  }
}

async function kubernetesFiles(name: string, { parts, slots, threads }: SweepJob): Promise<Record<string, string>> {
  const { stringify } = await import('yaml')
  const cpu = String(slots * threads)
  const part = `$(JOB_COMPLETION_INDEX)/${parts}`
  const job = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name },
    spec: {
      completionMode: 'Indexed',
      completions: parts,
      parallelism: parts,
      backoffLimit: 3 * parts,
      template: {
        spec: {
          restartPolicy: 'Never',
          terminationGracePeriodSeconds: 60,
          containers: [
            {
              name: 'worker',
              image: 'moescope',
              command: ['moescope', 'worker', '--store', '/sweep', '--slots', String(slots), '--part', part],
              resources: { requests: { cpu }, limits: { cpu } },
              volumeMounts: [{ name: 'sweep', mountPath: '/sweep' }]
            }
          ],
          volumes: [{ name: 'sweep', persistentVolumeClaim: { claimName: 'moescope-sweep' } }]
        }
      }
    }
  }
  return {
    'job.yaml': stringify(job),
    'README.md': `Put this sweep's folder on a volume that many pods may write (ReadWriteMany), name its claim and your image in job.yaml.
Then \`kubectl apply -f job.yaml\`; once more, after \`kubectl delete -f job.yaml\`, goes on with what was interrupted.
\`moescope sweep report DIR\` draws what has come out so far.
`
  }
}

/** For a shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
