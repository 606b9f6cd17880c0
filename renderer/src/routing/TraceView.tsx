import type { ComponentType } from 'react'
import { useApp, useAppState } from '../state/app'
import { ChartSubjectContext } from '../ui/chart-subject'
import { AblationPage } from './AblationPage'
import type { InspectionPage } from './choices'
import { DomainsPage } from './DomainsPage'
import { ExpertPage } from './ExpertPage'
import { LayersPage } from './LayersPage'
import { NoTrace } from './NoTrace'
import { OverviewPage } from './OverviewPage'
import { PairsPage } from './PairsPage'
import { PartBar } from './PartBar'
import { TokensPage } from './TokensPage'
import { TracesBar } from './TracesBar'
import styles from './TraceView.module.css'
import { TrainingPage } from './TrainingPage'
import { TwoTracesPage } from './TwoTracesPage'
import { traceSubject } from './trace-subject'
import { useInspected } from './use-inspected'

interface Page {
  readonly label: string
  /** The one question that it answers. */
  readonly question: string
  readonly View: ComponentType
}

const pages: Readonly<Record<InspectionPage, Page>> = {
  overview: { label: 'Overview', question: 'Does the router use all of its experts?', View: OverviewPage },
  tokens: { label: 'Tokens', question: 'Which experts did each token go to?', View: TokensPage },
  expert: { label: 'Expert', question: 'What is this expert good at?', View: ExpertPage },
  layers: { label: 'Layers', question: 'How do the layers divide the work?', View: LayersPage },
  pairs: { label: 'Pairs', question: 'Which experts work together?', View: PairsPage },
  domains: { label: 'Domains', question: 'Do experts specialise?', View: DomainsPage },
  causes: { label: 'Ablation', question: 'Which experts matter?', View: AblationPage },
  alike: { label: 'Two traces', question: 'Do two routers decide alike?', View: TwoTracesPage },
  training: { label: 'Over training', question: 'How did the routing come about?', View: TrainingPage }
}

/** Everything that can be asked of a router, on one trace. */
export function TraceView() {
  const inspection = useAppState(({ choices }) => choices.inspection)
  const trace = useAppState(({ traces }) => traces[0])
  const { page } = inspection
  if (!trace) {
    return (
      <main className={styles.view}>
        <h1 className={styles.title}>What did the router decide?</h1>
        <NoTrace />
      </main>
    )
  }
  const { question, View } = pages[page]
  return (
    <main className={styles.view}>
      <h1 className={styles.title}>{question}</h1>
      <TracesBar />
      <Pages page={page} />
      <PartBar />
      <ChartSubjectContext value={traceSubject(trace, inspection)}>
        <View key={page} />
      </ChartSubjectContext>
    </main>
  )
}

function Pages({ page }: { page: InspectionPage }) {
  const { choose } = useApp()
  const { inspection } = useInspected()
  return (
    <nav className={styles.pages} aria-label="What is asked">
      {(Object.keys(pages) as InspectionPage[]).map((each) => (
        <button
          key={each}
          type="button"
          aria-current={each === page ? 'page' : undefined}
          onClick={() => choose({ inspection: { ...inspection, page: each } })}
        >
          {pages[each].label}
        </button>
      ))}
    </nav>
  )
}
