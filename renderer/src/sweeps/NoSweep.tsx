import { CommandButton } from '../ui/CommandButton'
import { KeptSweeps } from './KeptSweeps'
import { MakeSweep } from './MakeSweep'
import { ShippedFamily } from './ShippedFamily'
import styles from './SweepView.module.css'

/** The ways to a sweep: open one, compute one here, or in a terminal. */
export function NoSweep() {
  return (
    <>
      <div className={styles.ways}>
        <section className={styles.way} aria-labelledby="open-way">
          <h2 id="open-way">Open a sweep</h2>
          <p>
            The folder that <code>moescope sweep</code> writes, also while workers elsewhere still compute it: new
            results appear as they come. Open it here, or drop it on the window. Its <code>results.csv</code> alone
            opens too, without curves and models.
          </p>
          <CommandButton id="open-sweep" look="primary" />
        </section>
        <MakeSweep />
        <KeptSweeps />
        <section className={styles.way} aria-labelledby="make-way">
          <h2 id="make-way">In a terminal</h2>
          <p>
            Of any kind of run, on this machine, on several with Redis or PostgreSQL, or with Slurm and Kubernetes:
            docs/sweeps.md.
          </p>
          <pre>{'node out/cli/moescope.js sweep FILE --out DIR'}</pre>
        </section>
      </div>
      <ShippedFamily />
    </>
  )
}
