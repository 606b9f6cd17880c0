import { glossary } from '@core/glossary'
import { commandSections } from '../commands/commands'
import { useApp, useAppState } from '../state/app'
import type { Command } from '../state/command'
import { keyName } from '../ui/keys'
import { Sheet } from '../ui/Sheet'
import styles from './HelpSheet.module.css'

/** All commands with their keys, and the glossary. */
export function HelpSheet() {
  const { store } = useApp()
  const open = useAppState(({ overlay }) => overlay === 'help')
  return (
    <Sheet
      title="Help"
      open={open}
      onClose={() => store.setState({ overlay: undefined })}
      width={62}
      foot={
        <p className={styles.more}>
          Tab reaches every control. In a text the arrow keys go from token to token, and what the model did with each
          appears below it. A file dropped on the window is opened. In full screen Page Down and Page Up, which clickers
          send, go from view to view; else they scroll.
        </p>
      }
    >
      <div className={styles.sections}>
        {commandSections.map(({ label, groups }) => (
          <section key={label} className={styles.section}>
            <h3>{label}</h3>
            <dl>
              {groups.flatMap((group) =>
                group.map((command: Command) => (
                  <div key={command.id}>
                    <dt>{command.label}</dt>
                    <dd>{command.shortcuts ? <kbd>{keyName(command)}</kbd> : <span>–</span>}</dd>
                  </div>
                ))
              )}
            </dl>
          </section>
        ))}
      </div>
      <OwnStory />
      <Sweeps />
      <Glossary />
    </Sheet>
  )
}

/** The way from a view to a talk of one's own and its files. */
function OwnStory() {
  return (
    <section className={styles.glossary} aria-labelledby="own-story">
      <h3 id="own-story">A story of your own</h3>
      <p>
        K adds what a view shows to a story, with a record of it. In the editor headline, lines, notes and minutes are
        written beside the stage; Alt+↑ and Alt+↓ move a chapter, and every change is kept and can be undone. Tell from
        here shows it on the stage, and Esc leads back. On the stage O is the overview, where Export makes a page
        (HTML), slides (PDF), pictures (PNG), a video (MP4) or speaker notes of it, and says whether anything is to be
        mended first, on a display of any size.
      </p>
    </section>
  )
}

/** The ways to a sweep, and around in it. */
function Sweeps() {
  return (
    <section className={styles.glossary} aria-labelledby="sweeps">
      <h3 id="sweeps">Sweeps</h3>
      <p>
        W shows a sweep: the folder of moescope sweep, followed while workers compute it (with its queue and workers, in
        the desktop app); its results.csv alone; or trainings that the Lab computes one after the other, of a sweep file
        (JSON or YAML) or of its models. In the table the arrow keys go from run to run and Enter opens one in Compare;
        a filter such as moe width=32 loss&lt;3 holds for the table and the pictures. Losses are means over seeds with
        their standard deviation, as in moescope sweep report.
      </p>
    </section>
  )
}

/** The terms of labels, columns and axes, each with its definition, unit and source. */
function Glossary() {
  return (
    <section className={styles.glossary} aria-label="Glossary">
      {glossary.map(({ title, entries }) => (
        <section key={title} aria-label={title}>
          <h3>{title}</h3>
          <dl>
            {entries.map(({ term, definition, unit, source }) => (
              <div key={term}>
                <dt>
                  {term}
                  {unit !== undefined && <small>{unit}</small>}
                </dt>
                <dd>
                  {definition} <small>{source}</small>
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </section>
  )
}
